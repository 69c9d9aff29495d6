"""Nobody writes or deletes the configurations of admission webhooks.

Fields:  rules[*]: create, update, patch, delete or deletecollection of mutatingwebhookconfigurations and
         validatingwebhookconfigurations
Allowed: reading them. A name eases deletion alone: a configuration of any name can be written to see every request
Why:     a webhook reads, changes and stops what is sent to the API server, Secrets among it; and webhooks are not asked
         about their own configurations: only who may write them guards them.
Source:  Kubernetes, "RBAC Good Practices", "Control admission webhooks"; plugin/pkg/admission of Kubernetes v1.37
Maps:    CIS 5.1.12
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.HIGH)
def rbac_webhook_config(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-webhook-config", grants, access)

"""Nobody gives themselves what they do not have.

Fields:  rules[*]: escalate together with create, update or patch, on roles or clusterroles
Allowed: writing roles without escalate
Why:     the API server lets nobody write into a role what they do not have, but for whoever may escalate.
Source:  Kubernetes, "RBAC Good Practices", "Escalate verb"; pkg/registry/rbac/escalation_check.go
Maps:    CIS 5.1.8
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.CRITICAL)
def rbac_escalate(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-escalate", grants, access)

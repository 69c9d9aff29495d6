"""Nobody makes lasting tokens of ServiceAccounts.

Fields:  rules[*]: create of secrets together with reading them or with create of pods; update or patch of secrets
Allowed: create alone; update and patch of Secrets that `resourceNames` name
Why:     a Secret of type kubernetes.io/service-account-token is filled with a token of the ServiceAccount that it names
         and that never expires; a bootstrap token in kube-system lets a node join.
Source:  Kubernetes, "Managing Service Accounts", "Manual Secret management for ServiceAccounts"
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.HIGH)
def rbac_secret_mint(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-secret-mint", grants, access)

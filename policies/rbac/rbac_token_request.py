"""Nobody asks for tokens of others.

Fields:  rules[*]: create of serviceaccounts/token
Allowed: ServiceAccounts that `resourceNames` name, a step less bad
Why:     whoever has a ServiceAccount's token may do what it may.
Source:  Kubernetes, "RBAC Good Practices", "Token request"
Maps:    CIS 5.1.13
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.CRITICAL)
def rbac_token_request(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-token-request", grants, access)

"""Secrets are read by name.

Fields:  rules[*]: get, list or watch of secrets
Allowed: names of Secrets in `resourceNames`, with the verb get
Why:     whoever reads every Secret has every password, key and ServiceAccount token in it.
Source:  Kubernetes, "RBAC Good Practices", "Listing secrets"
Maps:    CIS 5.1.2; OWASP K03
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.HIGH)
def rbac_secret_read(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-secret-read", grants, access)

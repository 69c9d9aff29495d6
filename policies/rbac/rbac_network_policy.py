"""Nobody changes how namespaces are kept apart.

Fields:  rules[*]: create, update, patch, delete or deletecollection of networkpolicies
Allowed: reading them; names in `resourceNames` ease it
Why:     one more policy opens what all others keep closed, and without any everything is open.
Source:  Kubernetes, "Network Policies"
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.MEDIUM)
def rbac_network_policy(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-network-policy", grants, access)

"""Nobody labels namespaces who is not meant to secure them.

Fields:  rules[*]: update or patch of namespaces, also by a RoleBinding in the namespace itself
Allowed: reading and creating them
Why:     labels switch pod security off, choose which network policies count, and permit access to others' devices.
Source:  Kubernetes, "RBAC Good Practices", "Namespace modification"
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.HIGH)
def rbac_namespace_label(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-namespace-label", grants, access)

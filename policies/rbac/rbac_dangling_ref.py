"""A binding gives a role that exists.

Fields:  roleRef
Allowed: a Role of the binding's namespace, or a ClusterRole, that is there when the binding is made or gets a subject
Why:     whoever creates the role later decides what the subjects may do, and nobody looks at the binding again.
Source:  pkg/registry/rbac/validation/rule.go
"""

from gatewright.policy import ClusterRoleBinding, Grants, RoleBinding, Severity, Violation, Violations, policy, quote


@policy(severity=Severity.HIGH)
def rbac_dangling_ref(grants: Grants) -> Violations:
    item = grants.item
    if isinstance(item, RoleBinding | ClusterRoleBinding) and grants.holders and grants.role is None:
        role = f"{item.role_ref.kind} {quote(item.role_ref.name)}"
        message = f"{role} does not exist: who creates it later decides what {grants.told} may do"
        yield Violation(item.role_ref, "name", f"{message}; instead, create the role first")

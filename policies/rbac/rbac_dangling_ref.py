"""A binding gives a role that exists.

Fields:  roleRef
Allowed: a Role of the binding's namespace, or a ClusterRole, that is there when the binding is made or gets a subject
Why:     whoever creates the role later decides what the subjects may do, and nobody looks at the binding again.
Source:  pkg/registry/rbac/validation/rule.go
"""

from gatewright.policy import Grants, Severity, Violation, Violations, policy, quote


@policy(severity=Severity.HIGH)
def rbac_dangling_ref(grants: Grants) -> Violations:
    ref = grants.missing
    if ref and grants.holders:
        message = f"{ref.kind} {quote(ref.name)} does not exist: who creates it later decides what {grants.told} may do"
        yield Violation(ref, "name", f"{message}; instead, create the role first")

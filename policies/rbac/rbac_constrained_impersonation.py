"""Nobody becomes somebody else, not even for some requests.

Fields:  rules[*]: impersonate:user-info, impersonate:serviceaccount, impersonate:arbitrary-node or
         impersonate:associated-node in authentication.k8s.io, together with impersonate-on of the same mode on anything
Allowed: one of the two alone; whom `resourceNames` name, a step less bad
Why:     whoever may become another does what that one may, as far as the second permission goes; never one of group
         system:masters.
Source:  KEP-5284; apiserver/pkg/endpoints/filters/impersonation
"""

from gatewright.policy import Access, Grants, Severity, V, Violations, policy

from ._judged import found


@policy(severity=Severity.HIGH, since=V(1, 36))
def rbac_constrained_impersonation(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-constrained-impersonation", grants, access)

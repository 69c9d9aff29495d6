"""Nobody may do everything.

Fields:  rules[*]: all verbs on all resources, in the core group or all
Allowed: named groups, resources and verbs
Why:     it is cluster-admin under another name: whoever takes over one of its holders has the cluster.
Source:  CIS Kubernetes Benchmark 5.1.1, 5.1.3
Maps:    CIS 5.1.1, 5.1.3; OWASP K03
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.CRITICAL)
def rbac_all(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-all", grants, access)

"""Nobody reads everything.

Fields:  rules[*]: get, list or watch of `*` in the core group or all
Allowed: named resources
Why:     it is every Secret and, with get, nodes/proxy, by which commands are run in every pod.
Source:  CIS Kubernetes Benchmark 5.1.3
Maps:    CIS 5.1.3; OWASP K03
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.CRITICAL)
def rbac_read_all(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-read-all", grants, access)

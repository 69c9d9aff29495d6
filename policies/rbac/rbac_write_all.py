"""Nobody writes everything.

Fields:  rules[*]: create, update or patch of `*` in the core group, apps, batch or all
Allowed: named resources; everything of an API group that runs nothing, a controller's own say
Why:     who creates whatever there is creates pods as any ServiceAccount, and tokens of it.
Source:  CIS Kubernetes Benchmark 5.1.3
Maps:    CIS 5.1.3; OWASP K03
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.CRITICAL)
def rbac_write_all(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-write-all", grants, access)

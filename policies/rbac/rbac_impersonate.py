"""Nobody becomes somebody else.

Fields:  rules[*]: impersonate of users, groups and serviceaccounts, and of uids and userextras/… in
         authentication.k8s.io
Allowed: ServiceAccounts that `resourceNames` name, as far as what they may do is harmless
Why:     whoever may become another may do what that one may, and is that one in the logs; unnamed it is anybody, one of
         group system:masters among them.
Source:  Kubernetes, "RBAC Good Practices", "Impersonate verb"; apiserver/pkg/endpoints/filters/impersonation
Maps:    CIS 5.1.8
"""

from collections.abc import Iterator

from gatewright.policy import Access, Grants, Hit, Severity, Violations, policy, service_account

from ._catalogue import RISKS
from ._judged import judged


@policy(severity=Severity.CRITICAL)
def rbac_impersonate(grants: Grants, access: Access) -> Violations:
    def weigh(hits: tuple[Hit, ...], severity: Severity) -> tuple[Severity, str] | None:
        is_known = hits[0].resource == "serviceaccounts" and hits[0].names
        weights = _named(hits[0].names, grants, access) if is_known else [(severity, "")]
        return max(weights, key=lambda weight: weight[0], default=None)

    yield from judged(RISKS["rbac-impersonate"], grants, access, weigh)


def _named(names: tuple[str, ...], grants: Grants, access: Access) -> Iterator[tuple[Severity, str]]:
    """What the ServiceAccounts may do that they may become by name."""
    for name in names:
        for namespace in grants.namespaces or access.namesakes(name):
            exposure = access.worst(service_account(namespace, name), RISKS)
            if exposure:
                yield exposure.severity, f"; ServiceAccount {namespace}/{name} can {exposure.lets}"

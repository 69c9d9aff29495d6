"""Nobody gives themselves a role whose rules they do not have.

Fields:  rules[*]: bind of roles or clusterroles, together with create, update or patch of rolebindings or
         clusterrolebindings
Allowed: roles that `resourceNames` name, as far as what they contain is harmless
Why:     the API server lets nobody bind a role that contains what they do not have, but for whoever may bind it.
Source:  Kubernetes, "RBAC Good Practices", "Bind verb"; pkg/registry/rbac/escalation_check.go
Maps:    CIS 5.1.8
"""

from collections.abc import Iterator

from gatewright.policy import Access, Grants, Hit, Severity, Violations, policy, quote

from ._catalogue import RISKS
from ._judged import judged
from ._worst import worst


@policy(severity=Severity.CRITICAL)
def rbac_bind(grants: Grants, access: Access) -> Violations:
    def weigh(hits: tuple[Hit, ...], severity: Severity) -> tuple[Severity, str] | None:
        is_known = hits[0].names and (hits[0].resource == "clusterroles" or grants.namespaces)
        weights = _named(hits, grants, access) if is_known else [(severity, "")]
        return max(weights, key=lambda weight: weight[0], default=None)

    yield from judged(RISKS["rbac-bind"], grants, access, weigh)


def _named(hits: tuple[Hit, ...], grants: Grants, access: Access) -> Iterator[tuple[Severity, str]]:
    """What is in the roles that they may bind by name; one that does not exist yet may become anything."""
    bind, write = hits
    for name in bind.names:
        namespaces = (None,) if bind.resource == "clusterroles" else grants.namespaces
        roles = [role for namespace in namespaces if (role := access.role(namespace, name))]
        if not roles:
            yield Severity.MEDIUM, f"; {quote(name)} does not exist: who creates it says what that is"
        for role in roles:
            everywhere = write.resource == "clusterrolebindings"
            found = worst(role.rules, grants.namespaces, everywhere=everywhere, raised=not grants.namespaces)
            if found:
                yield found.severity, f"; {quote(name)} lets them {found.risk.says(found.hits, grants.where)}"

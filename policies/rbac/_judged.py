"""How a row of the catalogue is judged."""

from collections.abc import Iterator

from gatewright.policy import Access, Grants, Severity, Violation

from ._catalogue import RISKS

OF_THE_CONTROL_PLANE = "kube-system"


def found(id_: str, grants: Grants, access: Access) -> Iterator[Violation]:
    """What a row finds. A RoleBinding to admin, edit or view is how a namespace is used: it is told of only where that
    namespace holds somebody who can do more."""
    risk = RISKS[id_]
    raised = (risk.rises or grants.is_ordinary) and is_raised(grants.namespace, access)
    if raised or not grants.is_ordinary:
        yield from grants.violations(risk, raised=raised)


def is_raised(namespace: str | None, access: Access) -> bool:
    """Whether a namespace holds a ServiceAccount that can do in the cluster what a namespace's never should."""
    if namespace is None or namespace == OF_THE_CONTROL_PLANE:
        return namespace is not None
    strongest = access.strongest(namespace, tuple(RISKS.values()))
    return strongest is not None and strongest[1].severity >= Severity.HIGH

"""How a row of the catalogue is judged."""

from collections.abc import Iterator

from gatewright.policy import Access, Grants, Risk, Severity, Violation, Weigh

from ._catalogue import RISKS

OF_THE_CONTROL_PLANE = "kube-system"


def found(id_: str, grants: Grants, access: Access) -> Iterator[Violation]:
    """What a row finds."""
    yield from judged(RISKS[id_], grants, access)


def judged(risk: Risk, grants: Grants, access: Access, weigh: Weigh | None = None) -> Iterator[Violation]:
    """What a risk finds. A RoleBinding to admin, edit or view is how a namespace is used: it is told of only where
    that namespace holds somebody who can do more."""
    rises = any(form.rises for form in risk.all_forms) or grants.usual
    raised = bool(rises) and any(is_raised(namespace, access) for namespace in grants.namespaces)
    yield from grants.violations(risk, raised=raised, weigh=weigh)
    if raised and grants.usual:
        yield from grants.usual_violations(risk, weigh)


def is_raised(namespace: str, access: Access) -> bool:
    """Whether a namespace holds a ServiceAccount that can do in the cluster what a namespace's never should."""
    if namespace == OF_THE_CONTROL_PLANE:
        return True
    strongest = access.strongest(namespace, RISKS)
    return strongest is not None and strongest.exposure.severity >= Severity.HIGH

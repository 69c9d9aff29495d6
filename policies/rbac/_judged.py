"""How a row of the catalogue is judged."""

from collections.abc import Iterable, Iterator

from gatewright.policy import Access, Grants, KubernetesVersion, Risk, Severity, Violation, Weigh

from ._catalogue import RISKS

OF_THE_CONTROL_PLANE = "kube-system"


def found(id_: str, grants: Grants, access: Access) -> Iterable[Violation]:
    """What a row finds."""
    return judged(RISKS[id_], grants, access)


def judged(
    risk: Risk,
    grants: Grants,
    access: Access,
    weigh: Weigh | None = None,
    version: KubernetesVersion | None = None,
) -> Iterable[Violation]:
    """What a risk finds. A RoleBinding to admin, edit or view is how a namespace is used: it is told of only where
    that namespace holds somebody who can do more. Of a version the row is as that has it."""
    if not grants.is_about(risk):
        return ()
    return _judged(risk.at(version) if version else risk, grants, access, weigh)


def _judged(risk: Risk, grants: Grants, access: Access, weigh: Weigh | None) -> Iterator[Violation]:
    rises = any(form.rises for form in risk.all_forms) or grants.usual
    reasons = (above(namespace, access) for namespace in grants.namespaces) if rises else ()
    raised = next(filter(None, reasons), "")
    yield from grants.violations(risk, raised=raised, weigh=weigh)
    if raised and grants.usual:
        yield from grants.usual_violations(risk, raised=raised, weigh=weigh)


def above(namespace: str, access: Access) -> str:
    """The ServiceAccount of a namespace that can do in the cluster what a namespace's never should; empty for none."""
    if namespace == OF_THE_CONTROL_PLANE:
        return f"the control plane is in {namespace}"
    strongest = access.strongest(namespace, RISKS)
    if strongest is None or strongest.exposure.severity < Severity.HIGH:
        return ""
    return f"ServiceAccount {namespace}/{strongest.name} there can {strongest.exposure.lets}"

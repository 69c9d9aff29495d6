"""Which existing pods a Namespace forbids that begins to enforce a level. It is warned of, and allowed."""

from collections.abc import Callable

from gatewright.engine import pod_security
from gatewright.engine.decision import Mode
from gatewright.engine.match import Target
from gatewright.engine.plans import Plans
from gatewright.engine.rules import Rule
from gatewright.engine.views import Views
from gatewright.engine.world import World
from gatewright.model.cluster import Namespace
from gatewright.model.pod import Pod
from gatewright.model.review import CREATE, UPDATE, AdmissionRequest, Kind
from gatewright.model.schema import Malformed

LONGEST = 1.0
"""Seconds that the look may take; never more than half of what is left to the deadline."""


def notes_on_existing_pods(
    plans: Plans, world: World, target: Target, old: Views, new: Views, clock: Callable[[], float], deadline: float
) -> tuple[str, ...]:
    """The warnings on a Namespace's UPDATE, in upstream's words (EvaluatePodsInNamespace).

    Raises:
        Unavailable: the pods are not known.
    """
    if (target.kind, target.operation) != ("Namespace", UPDATE):
        return ()
    try:
        before, namespace = old.get(Namespace), new.get(Namespace)
        wish = pod_security.newly_enforced(
            pod_security.labels_of(before.labels), pod_security.labels_of(namespace.labels)
        )
        if wish is None:
            return ()
    except Malformed:
        return ()
    creation = AdmissionRequest(uid="", kind=Kind(version="v1", kind="Pod"), namespace=namespace.name, operation=CREATE)
    rules = [
        rule
        for rule in plans.rules(Target("Pod", CREATE, ""), creation, namespace.labels)
        if rule.check and rule.strongest is Mode.ENFORCE and not rule.asks
    ]
    if not rules:
        return ()
    pods, total = world.first(Pod, namespace.name)
    rules.sort(key=lambda rule: (rule.policy.level or "", rule.policy.id))
    until = min(clock() + LONGEST, (clock() + deadline) / 2)
    reasons: dict[str, str] = {}
    looked_at = 0
    for pod in pod_security.prioritized(pods)[: pod_security.MOST_PODS]:
        looked_at += 1
        if reason := _reasons(rules, pod):
            reasons[pod.metadata.name] = reason
        if clock() > until:
            break
    return tuple(pod_security.notes(namespace.name, wish, reasons, looked_at, total))


def _reasons(rules: list[Rule], pod: Pod) -> str:
    return ", ".join(reason for rule in rules if (reason := _reason(rule, pod)))


def _reason(rule: Rule, pod: Pod) -> str:
    try:
        return rule.policy.reason if any(True for _ in rule.call(pod)) else ""
    except KeyboardInterrupt:  # Ctrl-C, while a command line judges
        raise
    except BaseException as error:  # noqa: BLE001  # a policy is anybody's code: the others still say theirs
        return f"{rule.policy.id} raised {type(error).__name__}"

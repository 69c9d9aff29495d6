"""What is not known, or not in time, is a finding under the strongest mode that it could have."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gatewright.engine.decision import Failure, Mode
from gatewright.engine.world import ClosedWorld, Unavailable
from gatewright.policy import Namespace, Pod, Store, Violation, Violations
from tests.builders import PRIVILEGED, declared, engine, engine_of, found, pod, request, workload
from tests.unit.engine.test_failures import NOTED, noted
from tests.unit.engine.test_judgement import neighbours, placed


class Unknown(ClosedWorld):
    """A world in which nothing is synced."""

    def namespace(self, name: str) -> Namespace:
        raise Unavailable(f"the API server did not tell of {name}")

    def store(self, kind: type[Any]) -> Store[Any]:
        raise Unavailable(f"{kind.__name__} is not synced")


NOT_KNOWN = "the labels of namespace shop are not known: the API server did not tell of shop"


@pytest.mark.parametrize(
    ("text", "modes"),
    [
        ("{}", ["enforce GW004", "enforce privileged"]),
        ("profile: observe", ["warn GW004", "warn privileged"]),
        ("{profile: observe, podSecurityLabels: ignore}", ["warn GW004", "warn privileged"]),
        (
            "{profile: observe, overrides: [{namespaceLabels: {tier: production}, profile: strict}]}",
            ["enforce GW004", "warn privileged"],
        ),
        (
            "{profile: observe, overrides: [{namespaces: x, policies: {sysctls: enforce}}]}",
            ["enforce GW004", "warn privileged"],
        ),
        ("{policies: {'*': audit}, podSecurityLabels: ignore}", ["audit GW004", "audit privileged"]),
        ("policies: {'*': audit}", ["audit GW004", "audit privileged"]),
    ],
)
def test_an_unknown_namespace_is_undecided_under_the_strongest_mode_that_could_be(text: str, modes: list[str]) -> None:
    findings = engine(text, world=Unknown()).judge(request(pod(PRIVILEGED))).findings
    assert [f"{one.mode} {one.policy}" for one in findings] == modes
    assert findings[0].message == NOT_KNOWN
    assert findings[0].failure is Failure.NAMESPACE


def test_a_clean_pod_in_an_unknown_namespace_is_denied_too() -> None:
    assert not engine(world=Unknown()).judge(request(workload())).allowed


def test_what_asks_for_the_namespace_is_not_asked_where_that_is_unknown() -> None:
    by = engine_of(declared(placed), declared(noted), world=Unknown())
    assert found(by, request(pod())) == [("enforce", "GW004", NOT_KNOWN), NOTED]


def test_a_store_that_is_not_known_is_undecided() -> None:
    class NoStores(ClosedWorld):
        def store(self, kind: type[Any]) -> Store[Any]:
            raise Unavailable(f"{kind.__name__} is not synced")

    by = engine_of(declared(neighbours), declared(noted), world=NoStores())
    assert found(by, request(pod())) == [("enforce", "neighbours", "neighbours: Pod is not synced"), NOTED]
    assert by.judge(request(pod())).findings[0].failure is Failure.STORE


LATE = "the deadline passed with {} of 3 policies to go"


def ticking(*readings: float) -> Callable[[], float]:
    times: Iterator[float] = iter(readings)
    return lambda: next(times)


@pytest.mark.parametrize(
    ("readings", "findings"),
    [
        ((0, 1, 5, 6, 9, 10), [("noted", "noted"), ("other", "noted"), ("third", "noted")]),
        (
            (0, 1, 5, 6, 10.1),
            [("GW003", "the deadline passed with 1 of 3 policies to go"), ("noted", "noted"), ("other", "noted")],
        ),
        ((0, 1, 11), [("GW003", LATE.format(2)), ("noted", "noted")]),
        ((0, 11), [("GW003", LATE.format(3))]),  # among the violations of the first one
        ((11,), [("GW003", LATE.format(3))]),
    ],
)
def test_what_is_left_past_the_deadline_is_undecided(
    readings: tuple[float, ...], findings: list[tuple[str, str]]
) -> None:
    def other(pod: Pod) -> Violations:
        return noted(pod)

    def third(pod: Pod) -> Violations:
        return noted(pod)

    by = engine_of(declared(noted), declared(other), declared(third), clock=ticking(*readings))
    decision = by.judge(request(pod()), deadline=10)
    assert [(one.policy, one.message) for one in decision.findings] == findings
    assert {one.mode for one in decision.findings} == {Mode.ENFORCE}


def test_past_the_deadline_the_strongest_mode_of_what_is_left_counts() -> None:
    text = "{policies: {'*': audit, windows-host-process: warn}}"
    passed = engine(text, clock=ticking(11, 11)).judge(request(pod()), deadline=10)
    (finding,) = passed.findings
    assert (finding.mode, finding.failure) == (Mode.WARN, Failure.DEADLINE)


def test_a_wide_pod_meets_its_deadline_within_one_policy() -> None:
    seen = 0

    def wide(pod: Pod) -> Violations:
        nonlocal seen
        for container in pod.containers:
            seen += 1
            yield Violation(container, "image", f"{container.label} is one of many")

    now = iter(range(5_000))
    by = engine_of(declared(wide), declared(noted), clock=lambda: float(next(now)))
    item = pod({"spec.containers": [{"name": f"c{number}"} for number in range(4_000)]})
    late = ("enforce", "GW003", "the deadline passed with 1 of 2 policies to go")
    assert found(by, request(item), deadline=100) == [late, NOTED]
    assert seen == 99
    assert next(now) < 110

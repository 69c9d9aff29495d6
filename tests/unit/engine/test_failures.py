"""What cannot be decided is a finding under a mode, as any other; the other policies still run."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gatewright.engine.decision import Decision, Failure, Mode
from gatewright.engine.settings import Modes
from gatewright.engine.world import ClosedWorld, Unavailable
from gatewright.model.meta import Metadata
from gatewright.model.pod import Container
from gatewright.policy import Namespace, Pod, Resource, Severity, Store, Violation, Violations
from tests.builders import PRIVILEGED, declared, engine, engine_of, found, pod, request, workload
from tests.unit.engine.test_judgement import neighbours, placed


def clean(pod: Pod) -> Violations:
    if pod.containers[9:]:
        yield Violation(pod.spec, "containers", "ten")


def noted(pod: Pod) -> Violations:
    yield Violation(pod.metadata, "name", "noted")


NOTED = ("enforce", "noted", "noted")


def told(decision: Decision) -> list[tuple[str, str, str]]:
    return [(str(one.mode), one.policy, one.message) for one in decision.findings]


class Stop(BaseException):
    pass


def raising(error: BaseException) -> Callable[[Pod], Violations]:
    """A check that finds something and then raises."""

    def raises(pod: Pod) -> Violations:
        yield Violation(pod.metadata, "name", "before")
        raise error

    return raises


@pytest.mark.parametrize(
    "error",
    [
        ValueError("secret"),
        KeyError("x"),
        RecursionError(),
        MemoryError(),
        StopIteration(),
        SystemExit(0),
        AssertionError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_policy_that_raises_is_undecided_and_the_others_run(error: BaseException) -> None:
    by = engine_of(declared(raising(error)), declared(noted))
    name = "RuntimeError" if isinstance(error, StopIteration) else type(error).__name__  # PEP 479
    assert found(by, request(pod())) == [("enforce", "raises", f"raises raised {name}"), NOTED]
    failed = by.judge(request(pod())).findings[0]
    assert (failed.failure, failed.path, failed.severity) == (Failure.RAISED, (), Severity.MEDIUM)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Stop()], ids=["an interrupt", "a stop of one's own"])
def test_what_is_meant_to_stop_the_process_stops_it(error: BaseException) -> None:
    by = engine_of(declared(raising(error)))
    with pytest.raises(type(error)):
        by.judge(request(pod()))


BAD: dict[str, tuple[Callable[..., Any], str]] = {
    "a part": (lambda pod: iter([Violation(pod.spec.security_context, "runAsUser", "x")]), "TypeError"),
    "a node of its own": (lambda _: iter([Violation(Container(), "image", "x")]), "KeyError"),
    "the metadata of nothing": (lambda _: iter([Violation(Metadata(), "name", "x")]), "KeyError"),
    "a message that is none": (lambda pod: iter([Violation(pod.spec, "", None)]), "TypeError"),  # type: ignore[arg-type]  # what is tested
    "a path that is none": (lambda pod: iter([Violation(pod.spec, "a..b", "x")]), "ValueError"),
    "steps that are none": (lambda pod: iter([Violation(pod.spec, ["a"], "x")]), "TypeError"),  # type: ignore[arg-type]  # what is tested
    "a severity that is none": (lambda pod: iter([Violation(pod.spec, "", "x", severity=9)]), "IndexError"),  # type: ignore[arg-type]  # what is tested
    "no violation": (lambda _: iter(["x"]), "AttributeError"),
    "nothing to go through": (lambda _: None, "TypeError"),
    "one too many": (lambda: iter(()), "TypeError"),
}


@pytest.mark.parametrize(("check", "error"), BAD.values(), ids=BAD)
def test_a_policy_that_yields_what_is_none_is_undecided(check: Callable[..., Any], error: str) -> None:
    def bad(pod: Pod) -> Violations:
        return check(pod)  # type: ignore[no-any-return]  # what is tested

    by = engine_of(declared(bad), declared(noted))
    assert found(by, request(pod())) == [("enforce", "bad", f"bad raised {error}"), NOTED]


@pytest.mark.parametrize("mode", [Mode.WARN, Mode.AUDIT])
def test_a_failure_follows_the_mode_of_its_policy(mode: Mode) -> None:
    by = engine_of(declared(raising(ValueError())), mode=mode)
    decision = by.judge(request(pod()))
    assert told(decision) == [(str(mode), "raises", "raises raised ValueError")]
    assert decision.allowed


def test_of_a_mode_by_severity_a_failure_has_the_strongest() -> None:
    by = engine_of(declared(raising(ValueError())), mode=Modes.parse({"low": "enforce", "else": "audit"}))
    assert found(by, request(pod())) == [("enforce", "raises", "raises raised ValueError")]


MALFORMED = "the object is not JSON: Input data was truncated"


@pytest.mark.parametrize(
    ("item", "message", "path"),
    [
        (b'{"spec": ', MALFORMED, ()),
        (b"[]", "the object must be an object, not a list", ()),
        (None, "the object is missing", ()),
        (pod({"spec.hostPID": "yes"}), "spec.hostPID must be a boolean, not a string", ("spec", "hostPID")),
        (
            pod({"spec.containers": "x", "spec.hostPID": 1}),
            "spec.containers must be a list, not a string (and 1 more)",
            ("spec", "containers"),
        ),
    ],
)
def test_an_object_that_cannot_be_read_is_one_finding_however_many_policies(
    item: Any, message: str, path: tuple[str, ...]
) -> None:
    by = engine_of(declared(clean), declared(noted))
    decision = by.judge(request(item, operation="CREATE"))
    assert told(decision) == [("enforce", "GW002", message)]
    assert (decision.findings[0].path, decision.findings[0].severity) == (path, Severity.HIGH)
    assert not decision.allowed


def test_what_one_kind_of_policy_cannot_read_others_can() -> None:
    def about_pods(item: Resource) -> Violations:
        yield Violation(item.node, "metadata.name", f"{item.kind} {item.namespace}/{item.metadata.name}")

    by = engine_of(declared(about_pods, kinds={"Pod"}), declared(clean), mode=Mode.WARN)
    assert found(by, request(pod({"spec.hostPID": "yes"}))) == [
        ("warn", "GW002", "spec.hostPID must be a boolean, not a string"),
        ("warn", "about-pods", "Pod shop/web"),
    ]


def test_malformed_findings_keep_the_strongest_mode() -> None:
    text = "{policies: {'*': audit, privileged: warn, sysctls: off}}"
    assert found(engine(text), request(b"{", kind=request(pod()).kind)) == [("warn", "GW002", MALFORMED)]


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
        ((0, 5, 10), [("noted", "noted"), ("other", "noted"), ("third", "noted")]),
        (
            (0, 5, 10.1),
            [("GW003", "the deadline passed with 1 of 3 policies to go"), ("noted", "noted"), ("other", "noted")],
        ),
        ((0, 11), [("GW003", LATE.format(2)), ("noted", "noted")]),
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
    passed = engine(text, clock=ticking(11)).judge(request(pod()), deadline=10)
    (finding,) = passed.findings
    assert (finding.mode, finding.failure) == (Mode.WARN, Failure.DEADLINE)

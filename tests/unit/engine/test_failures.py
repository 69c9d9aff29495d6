"""What cannot be decided is a finding under a mode, as any other; the other policies still run."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from gatewright.engine.decision import Decision, Failure, Mode
from gatewright.engine.modes import Modes
from gatewright.model.container import Container
from gatewright.model.meta import Metadata
from gatewright.policy import Pod, Resource, Severity, Violation, Violations
from tests.builders import declared, engine, engine_of, found, pod, request


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
        GeneratorExit(),
        asyncio.CancelledError(),
        Stop(),
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


def test_what_a_person_stops_is_stopped() -> None:
    by = engine_of(declared(raising(KeyboardInterrupt())))
    with pytest.raises(KeyboardInterrupt):
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

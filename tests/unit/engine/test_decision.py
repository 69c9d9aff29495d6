import pytest

from gatewright.engine.decision import Decision, Failure, Finding, Mode, decision_id, decision_of
from gatewright.model.path import parse
from gatewright.policy import Severity

OFF, AUDIT, WARN, ENFORCE = Mode


def finding(
    policy: str, mode: Mode, path: str = "spec", message: str = "x", severity: Severity = Severity.LOW
) -> Finding:
    return Finding(policy, severity, mode, parse(path), message)


@pytest.mark.parametrize(
    ("modes", "kept"),
    [((WARN, ENFORCE, AUDIT), [ENFORCE]), ((AUDIT, WARN), [WARN]), ((OFF, AUDIT), [AUDIT]), ((OFF,), [])],
)
def test_equal_findings_keep_the_strongest_mode(modes: tuple[Mode, ...], kept: list[Mode]) -> None:
    assert [one.mode for one in decision_of([finding("a", mode) for mode in modes]).findings] == kept


def test_findings_that_differ_in_place_policy_or_message_are_all_kept() -> None:
    findings = [
        finding("a", WARN),
        finding("a", ENFORCE, "metadata"),
        finding("b", WARN),
        finding("a", WARN, message="y"),
    ]
    assert set(decision_of(findings).findings) == set(findings)


def test_the_worst_comes_first_then_what_stands_first() -> None:
    findings = [
        finding("e", AUDIT, "spec.containers[10].image", severity=Severity.HIGH),
        finding("d", WARN, "spec.containers[2].image", severity=Severity.HIGH),
        finding("b", WARN, "metadata.name"),
        finding("a", ENFORCE, "metadata.name"),
        finding("z", WARN, "spec", severity=Severity.CRITICAL),
        finding("c", WARN, "", severity=Severity.HIGH),
    ]
    assert [one.policy for one in decision_of(findings).findings] == ["z", "c", "d", "e", "a", "b"]


@pytest.mark.parametrize("mode", [WARN, AUDIT])
def test_only_what_is_enforced_denies(mode: Mode) -> None:
    assert Decision().allowed
    assert decision_of([finding("a", mode)]).allowed
    assert not decision_of([finding("a", mode), finding("b", ENFORCE)]).allowed
    failure = Finding("GW001", Severity.HIGH, ENFORCE, (), "x", failure=Failure.RAISED)
    assert not decision_of([failure]).allowed


def test_findings_by_mode() -> None:
    decision = decision_of([finding("a", WARN), finding("b", ENFORCE), finding("c", WARN)])
    assert [one.policy for one in decision.at(WARN)] == ["a", "c"]


@pytest.mark.parametrize(
    ("uid", "id_"),
    [
        ("705ab4f5-6393-11e8-b7cc-42010a800002", "lcmj6lg2"),
        ("", "4oymiquy"),
        ("a\ud800", "ewazxg2d"),
    ],
)
def test_the_id_is_of_the_uid_alone(uid: str, id_: str) -> None:
    assert decision_id(uid) == id_


def test_modes_are_written_as_in_the_configuration() -> None:
    assert [str(mode) for mode in Mode] == ["off", "audit", "warn", "enforce"]

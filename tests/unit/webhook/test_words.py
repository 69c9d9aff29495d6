"""Words are kept for what comes again, and only as much of them as is small."""

import pytest

from gatewright.engine.decision import Decision, Failure, Finding, Mode
from gatewright.policy import Set, Severity
from gatewright.webhook import words as module
from gatewright.webhook.words import KEPT, LONGEST, MOST_FINDINGS, words


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_kept", {})


def denied(text: str = "is wrong", number: int = 1, fix: Set | None = None, **more: object) -> Decision:
    """A denial of so many findings, made anew."""
    places = [("spec", "containers", index) for index in range(number)]
    found = [Finding("p", Severity.LOW, Mode.ENFORCE, place, text, fix, **more) for place in places]  # type: ignore[arg-type]  # by name
    return Decision(tuple(found))


def test_equal_decisions_are_told_once() -> None:
    assert words(denied()) is words(denied())
    assert words(denied("is bad")) is not words(denied())


def test_others_are_told_otherwise() -> None:
    one, other = words(denied(fix=Set(False))), words(denied(fix=Set("no")))
    assert ("set it to false" in one.violations, 'set it to "no"' in other.violations) == (True, True)


def test_what_is_equal_and_reads_otherwise_is_told_otherwise() -> None:
    texts = [words(denied(fix=Set(value))).violations for value in (True, 1, 1.0)]
    assert [text.partition("fix: ")[2].partition("\n")[0] for text in texts] == [
        "set it to true",
        "set it to 1",
        "set it to 1.0",
    ]


def test_what_has_no_hash_is_told_each_time() -> None:
    decision = denied(fix=Set(["ALL"]))
    assert words(decision) == words(decision)
    assert words(decision) is not words(decision)


@pytest.mark.parametrize(
    "decision",
    [
        denied(number=MOST_FINDINGS + 1),
        denied("x" * LONGEST),
        denied(value="x" * LONGEST),
        denied(fix=Set("x" * LONGEST)),
        denied(failure=Failure.RAISED, cause=ValueError("what a policy raised holds the frames that it came from")),
    ],
    ids=["many", "long", "value", "fix", "cause"],
)
def test_what_is_large_or_holds_frames_is_not_kept(decision: Decision) -> None:
    assert words(decision) == words(decision)
    assert module._kept == {}


def test_so_many_are_kept_and_no_more() -> None:
    for number in range(KEPT + 1):
        words(denied(f"is wrong {number}"))
    assert len(module._kept) == 1

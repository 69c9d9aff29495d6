"""Consoles that take text as it is, and progress on a terminal alone."""

import io
import sys
from types import SimpleNamespace

import pytest

from gatewright.cli import terminal
from gatewright.cli.terminal import console, with_progress

ODD = "[bold]a[/bold] :smile: 3.14 'b' http://c " + "x" * 200


@pytest.mark.parametrize("no_color", [False, True])
@pytest.mark.parametrize("force", ["", "1"])
def test_text_is_never_markup_and_never_wrapped(
    no_color: bool, force: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", force)
    monkeypatch.setenv("COLUMNS", "40")
    console(no_color).print(ODD)
    console(no_color, stderr=True).print(ODD)
    assert capsys.readouterr() == (f"{ODD}\n", f"{ODD}\n")


class Terminal(io.StringIO):
    """A terminal's end of standard error."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(name="shown")
def _shown(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    return screen


def test_without_a_terminal_there_is_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(with_progress([1, 2], "scanning")) == [1, 2]
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("seconds", "is_shown"), [(0.3, False), (0.6, True)])
def test_progress_is_shown_after_a_second(
    seconds: float, is_shown: bool, shown: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(terminal, "time", SimpleNamespace(monotonic=lambda: now[0]))
    taken = []
    for item in with_progress([1, 2, 3], "reviewing"):
        taken.append(item)
        now[0] += seconds
    assert taken == [1, 2, 3]
    assert ("reviewing" in shown.getvalue()) is is_shown

import io

import pytest
from controlplane.progress import Progress, about, minutes


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def build(out: io.StringIO) -> None:
    """Two programs: 100 s of an expected 300 s, then 50 s of an expected 100 s."""
    clock = Clock()
    with Progress("building, once", {"server": 300, "client": 100}, out, clock) as progress:
        progress.begin("server", "fetching sources")
        for seconds, done in ((1, 0), (10, 100), (40, 600), (41, 610), (90, 1200)):
            clock.now = 1000 + seconds
            progress.reach(done, 1200)
        clock.now = 1100
        progress.begin("client", "fetching sources")
        clock.now = 1130.5
        progress.reach(50, 100)
        clock.now = 1150


def test_a_log_has_a_line_every_half_minute() -> None:
    build(out := io.StringIO())
    assert out.getvalue().splitlines() == [
        "building, once (about 7 min on two cores)",
        "server (1 of 2): fetching sources; 0 s, about 7 min to go",
        "server (1 of 2): 600 of 1,200 packages; 40 s, about 70 s to go",
        "server (1 of 2): linking; 1 min 30 s, about 30 s to go",
        "client (2 of 2): fetching sources; 1 min 40 s, about 40 s to go",
        "client (2 of 2): 50 of 100 packages; 2 min 10 s, about 20 s to go",
        "built in 2 min 30 s",
    ]


def test_on_a_terminal_a_line_is_written_over() -> None:
    build(out := Terminal())
    title, *rest, last = out.getvalue().split("\r\x1b[K")[1:]
    assert title == "building, once (about 7 min on two cores)\n"
    assert rest == [
        "server (1 of 2): fetching sources; 0 s, about 7 min to go",
        "server (1 of 2): 0 of 1,200 packages; 1 s, about 7 min to go",
        "server (1 of 2): 100 of 1,200 packages; 10 s, about 3 min to go",
        "server (1 of 2): 600 of 1,200 packages; 40 s, about 70 s to go",
        "server (1 of 2): 610 of 1,200 packages; 41 s, about 70 s to go",
        "server (1 of 2): linking; 1 min 30 s, about 30 s to go",
        "client (2 of 2): fetching sources; 1 min 40 s, about 40 s to go",
        "client (2 of 2): 50 of 100 packages; 2 min 10 s, about 20 s to go",
    ]
    assert last == "built in 2 min 30 s\n"


def interrupted(progress: Progress, clock: Clock) -> None:
    with progress:
        clock.now = 1007
        raise KeyboardInterrupt


def test_what_failed_says_so() -> None:
    out, clock = io.StringIO(), Clock()
    progress = Progress("building", {"server": 30}, out, clock)
    with pytest.raises(KeyboardInterrupt):
        interrupted(progress, clock)
    assert out.getvalue() == "building (about 30 s on two cores)\nfailed after 7 s; what was finished is kept\n"


def test_without_packages_nothing_is_done() -> None:
    progress = Progress("building", {"server": 30}, io.StringIO(), Clock())
    progress.begin("server", "fetching sources")
    progress.reach(0, 0)
    assert progress.share == 0


@pytest.mark.parametrize(
    ("seconds", "passed", "guessed"),
    [
        (0, "0 s", "about 0 s"),
        (59.9, "59 s", "about 60 s"),
        (60, "1 min 0 s", "about 60 s"),
        (90, "1 min 30 s", "about 90 s"),
        (91, "1 min 31 s", "about 2 min"),
        (377, "6 min 17 s", "about 7 min"),
    ],
)
def test_what_has_passed_is_exact_and_a_guess_is_not(seconds: float, passed: str, guessed: str) -> None:
    assert (minutes(seconds), about(seconds)) == (passed, guessed)

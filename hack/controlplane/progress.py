"""How far a long build is: a line that is written over on a terminal, and one every half minute in a log."""

import math
import sys
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self, TextIO

EVERY = 30
"""Seconds between two lines where nobody sees one written over."""

EARLY = 0.05
"""As long as less than this share is done, the weights tell more of what is left than the pace does."""


class Progress:
    """The progress of steps that follow each other.

    Args:
        title: what is done.
        weights: the steps with the seconds that each is expected to take.
        out: where it is told.
        clock: seconds.
    """

    def __init__(
        self,
        title: str,
        weights: Mapping[str, float],
        out: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._title = title
        self._weights = dict(weights)
        self._out = out or sys.stderr
        self._clock = clock
        self._began = clock()
        self._told = self._began
        self._step = ""
        self._part = 0.0
        self._doing = ""

    @property
    def share(self) -> float:
        """How much of the whole is done, 0 to 1."""
        steps = list(self._weights)
        finished = sum(self._weights[step] for step in steps[: steps.index(self._step)]) if self._step else 0.0
        return (finished + self._part * self._weights.get(self._step, 0.0)) / sum(self._weights.values())

    @property
    def left(self) -> float:
        """Seconds until the end, as far as it can be told."""
        if self.share < EARLY:
            return sum(self._weights.values()) * (1 - self.share)
        return (self._clock() - self._began) * (1 - self.share) / self.share

    def begin(self, step: str, doing: str) -> None:
        """The next step begins, with what it does first."""
        self._step, self._part, self._doing = step, 0.0, doing
        self._tell()

    def reach(self, done: int, total: int) -> None:
        """So many of so many packages are compiled."""
        self._part = min(done / total, 1) if total else 0.0
        self._doing = f"{done:,} of {total:,} packages" if done < total else "linking"
        if self._out.isatty() or self._clock() - self._told >= EVERY:
            self._tell()

    def _tell(self) -> None:
        self._told = self._clock()
        number = f"{list(self._weights).index(self._step) + 1} of {len(self._weights)}"
        took, left = minutes(self._told - self._began), about(self.left)
        self._write(f"{self._step} ({number}): {self._doing}; {took}, {left} to go", over=True)

    def _write(self, line: str, over: bool) -> None:
        if self._out.isatty():
            self._out.write(f"\r\x1b[K{line}" + ("" if over else "\n"))
        else:
            self._out.write(f"{line}\n")
        self._out.flush()

    def __enter__(self) -> Self:
        self._write(f"{self._title} ({about(self.left)} on two cores)", over=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        took = minutes(self._clock() - self._began)
        self._write(f"failed after {took}; what was finished is kept" if error else f"built in {took}", over=False)


def minutes(seconds: float) -> str:
    """A time that has passed."""
    whole = int(seconds)
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{whole} s"


def about(seconds: float) -> str:
    """A time that is guessed: no more exact than a guess is."""
    if seconds > 90:
        return f"about {math.ceil(seconds / 60)} min"
    return f"about {math.ceil(seconds / 10) * 10} s"

"""Many cases: in blocks, on two processes, with their progress, until there are enough or some have failed."""

import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Protocol

import uvloop

from fuzz.configurations import Configurations
from fuzz.documents import Texts
from fuzz.minimise import minimised
from fuzz.reviews import Reviews
from fuzz.service import served
from fuzz.tally import CONFIGURATIONS, REVIEWS, TEXTS, Tally

PROCESSES = 2
ENOUGH = 5
"""Failures after which no further block begins."""

BLOCKS = {REVIEWS: 2000, TEXTS: 500, CONFIGURATIONS: 50}
"""Cases of a block: about two seconds of them."""


class Subject(Protocol):
    """Something that is given bad input."""

    def case(self, rng: Random) -> bytes:
        """The input of a case."""

    async def wrong(self, body: bytes, tally: Tally) -> str:
        """What is wrong with what came of it; nothing where all is right, and counted."""

    def close(self) -> None:
        """Lets go of what it holds."""


@dataclass(frozen=True)
class Failure:
    """A case that failed: why, and its input, as small as it could be made."""

    number: int
    reason: str
    body: bytes


def chance(seed: int, number: int) -> Random:
    """Everything that is decided by chance in a case: the same for the same seed and number."""
    return Random(seed * 2**32 + number)  # noqa: S311  # not a secret


def run(subject: Subject, seed: int, numbers: range, enough: int = ENOUGH) -> tuple[Tally, list[Failure]]:
    """Runs some cases of a subject, until enough have failed."""
    with loop() as runner:
        tally, failures = runner.run(_cases(subject, seed, numbers, enough))
        return tally, [smaller(subject, failure, runner) for failure in failures]


def loop() -> asyncio.Runner:
    """An event loop of the server's kind."""
    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


async def _cases(subject: Subject, seed: int, numbers: range, enough: int) -> tuple[Tally, list[Failure]]:
    tally, failures = Tally(), []
    for number in numbers:
        try:
            body = subject.case(chance(seed, number))
            reason = await subject.wrong(body, tally)
        except Exception as error:
            error.add_note(f"in case {number} of seed {seed}: the fuzzer itself is wrong")
            raise
        if reason:
            failures.append(Failure(number, reason, body))
            if len(failures) == enough:
                break
    return tally, failures


def smaller(subject: Subject, failure: Failure, runner: asyncio.Runner) -> Failure:
    """The failure with the smallest input that was found to fail in a like way."""

    def wrong(body: bytes) -> str:
        return runner.run(subject.wrong(body, Tally()))

    kind = _kind(failure.reason)
    body = minimised(failure.body, lambda body: _kind(wrong(body)) == kind)
    return Failure(failure.number, wrong(body) or failure.reason, body)


def _kind(reason: str) -> str:
    """A reason without what is particular to one input."""
    return reason.partition(",")[0].partition("'")[0].partition(":")[0]


def make(name: str, folder: Path, address: tuple[str, Path] | None = None) -> Subject:
    """A subject by its name.

    Args:
        name: of the subject.
        folder: for the files that it needs.
        address: of the server that reviews are sent to besides, and its certificate.
    """
    if name == REVIEWS:
        return Reviews.of(folder, address)
    return Texts() if name == TEXTS else Configurations()


_subject: Subject  # of a process that runs blocks


def _begin(name: str, address: tuple[str, Path] | None) -> None:
    global _subject  # noqa: PLW0603  # a process of its own, which has one
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that waits for this one
    with tempfile.TemporaryDirectory() as folder:
        _subject = make(name, Path(folder), address)


def _block(seed: int, numbers: range) -> tuple[Tally, list[Failure]]:
    return run(_subject, seed, numbers)


def campaign(
    name: str, seed: int, count: int, told: Callable[[int, int, float], None], found: Callable[[Failure], None]
) -> tuple[Tally, int, float]:
    """Runs so many cases of a subject: their counts, how many failed, and the seconds that it took.

    Args:
        name: of the subject.
        seed: of the cases.
        count: how many.
        told: gets how many are done, how many have failed, and the seconds so far.
        found: gets each failure, at once.
    """
    begun = time.monotonic()
    tally, failed = Tally(), 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gatewright-fuzz-")))
        address = stack.enter_context(served(folder)) if name == REVIEWS else None
        pool = stack.enter_context(
            ProcessPoolExecutor(
                PROCESSES, mp_context=get_context("spawn"), initializer=_begin, initargs=(name, address)
            )
        )
        for block, failures in _blocks(pool, name, seed, count):
            tally.add(block)
            failed += len(failures)
            for failure in failures:
                found(failure)
            told(tally.cases + failed, failed, time.monotonic() - begun)
    return tally, failed, time.monotonic() - begun


def _blocks(pool: ProcessPoolExecutor, name: str, seed: int, count: int) -> Iterator[tuple[Tally, list[Failure]]]:
    """The outcomes of blocks as they come, a few begun ahead; none begins after enough failures."""
    starts = iter(range(0, count, BLOCKS[name]))
    running: set[Future[tuple[Tally, list[Failure]]]] = set()
    failed = 0
    while True:
        while len(running) < PROCESSES + 1 and failed < ENOUGH and (start := next(starts, None)) is not None:
            running.add(pool.submit(_block, seed, range(start, min(start + BLOCKS[name], count))))
        if not running:
            return
        done, running = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            tally, failures = future.result()
            failed += len(failures)
            yield tally, failures


class Progress:
    """How far a campaign is, on a terminal, where the line is written over; in a log, one line every half minute."""

    def __init__(self, name: str, count: int) -> None:
        self._name = name
        self._count = count
        self._told = 0.0

    def __call__(self, done: int, failed: int, seconds: float) -> None:
        """Tells of it."""
        is_terminal = sys.stderr.isatty()
        if not is_terminal and seconds - self._told < 30:
            return
        self._told = seconds
        left = seconds * (self._count - done) / max(done, 1)
        line = f"{self._name}: {done:,} of {self._count:,}, {failed} failed, about {left:.0f} s to go"
        print(f"\r\x1b[K{line}" if is_terminal else line, end="" if is_terminal else "\n", file=sys.stderr, flush=True)

    def end(self) -> None:
        """The line goes."""
        if sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

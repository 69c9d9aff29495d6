"""Servers against each other: a slice of load for one, then for the next, and around again, all on the same core.

The machine's speed drifts; what is compared was measured seconds apart, and of each the best slice counts.
"""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import process, verdicts, wrk
from bench.verdicts import Lane

SETTLE = 0.03
"""Seconds after a slice in which a server ends what it had begun."""


@dataclass(frozen=True)
class Figures:
    """What a lane has shown.

    Attributes:
        cpu: seconds of CPU a request, in the cheapest slice.
        rate, best_rate: requests a second, in the median slice and in the best.
        p50, p99: of the latency in seconds, in the median slice.
        memory: MiB, at the end of a slice at most.
        requests: in all.
    """

    cpu: float
    rate: float
    best_rate: float
    p50: float
    p99: float
    memory: float
    requests: int


@dataclass(frozen=True)
class _Slice:
    cpu: float
    counted: wrk.Counted
    memory: float


def race(lanes: Sequence[Lane], folder: Path, slices: int = 5, seconds: float = 1) -> dict[str, Figures]:
    """The figures of each lane.

    Args:
        lanes: with names of their own.
        folder: for files with their bodies.
        slices: of each.
        seconds: of a slice.

    Raises:
        Failed: a server did not answer, or not as expected.
    """
    files = {}
    for index, lane in enumerate(lanes):
        verdicts.check(lane)
        files[lane.name] = wrk.write(lane.bodies, folder / f"bodies-{index}")
    run: dict[str, list[_Slice]] = {lane.name: [] for lane in lanes}
    for _ in range(slices):
        for lane in lanes:
            run[lane.name].append(_slice(lane, files[lane.name], seconds))
    for file in files.values():
        file.unlink()
    return {name: _figures(several) for name, several in run.items()}


def _slice(lane: Lane, bodies: Path, seconds: float) -> _Slice:
    pid = lane.server.pid
    memory: list[float] = []
    given = verdicts.given(lane)
    before = process.cpu(pid)
    counted = wrk.run(lane.server.url, bodies, lane.connections, seconds, lambda: memory.append(process.memory(pid)[0]))
    time.sleep(SETTLE)
    cpu = process.cpu(pid) - before
    verdicts.check_given(lane, given, counted.requests)
    return _Slice(cpu / counted.requests, counted, max(memory, default=0))


def _figures(slices: Sequence[_Slice]) -> Figures:
    rates = [one.counted.rate for one in slices]
    return Figures(
        cpu=min(one.cpu for one in slices),
        rate=statistics.median(rates),
        best_rate=max(rates),
        p50=statistics.median(one.counted.p50 for one in slices),
        p99=statistics.median(one.counted.p99 for one in slices),
        memory=max(one.memory for one in slices),
        requests=sum(one.counted.requests for one in slices),
    )

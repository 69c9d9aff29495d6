"""A process under measurement: what it has used so far. Linux only."""

import os
import re
import time
from pathlib import Path

from bench.failure import Failed

MIB = 2**20


def cores() -> tuple[int, int]:
    """The core of the servers and that of the clients.

    Raises:
        Failed: there are no two, or the system cannot tell.
    """
    if not hasattr(os, "sched_getaffinity"):
        raise Failed("processes cannot be bound to cores here: it takes Linux")
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        raise Failed("one core for the server and one for the client are needed; this machine lets us use one")
    return usable[0], usable[-1]


def cpu(pid: int) -> float:
    """Seconds of CPU that a process has used, user and system, all threads; to the nanosecond, unlike /proc/PID/stat.

    The clock's id is what clock_getcpuclockid(3) computes.
    """
    return time.clock_gettime((~pid << 3) | 2)


def memory(pid: int) -> tuple[float, float]:
    """A process' resident memory now and at its highest, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    sizes = {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
    now, highest = (int(sizes[name][0]) * 1024 / MIB for name in ("VmRSS", "VmHWM"))
    return now, highest


def busy(seconds: float = 0.5) -> dict[int, float]:
    """What others leave: the share of each core that is in use while nothing is measured."""
    before = _ticks()
    time.sleep(seconds)
    shares = {}
    for core, (idle, total) in _ticks().items():
        passed = total - before[core][1]
        shares[core] = 1 - (idle - before[core][0]) / passed if passed else 0.0
    return shares


def _ticks() -> dict[int, tuple[int, int]]:
    """Of each core the idle ticks and all, of /proc/stat: its fourth and fifth column are idleness."""
    lines = [line.split() for line in Path("/proc/stat").read_text().splitlines()]
    cores = {int(name[3:]): [int(one) for one in ticks] for name, *ticks in lines if re.fullmatch(r"cpu[0-9]+", name)}
    return {core: (ticks[3] + ticks[4], sum(ticks[:8])) for core, ticks in cores.items()}

"""Processes of ours, told again by pid and command line: a pid that the system has given away since is never killed."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from controlplane.failure import Failed

PROC = Path("/proc")
"""Where Linux tells of processes; elsewhere `ps` does."""

ENDED = ("", "Z", "X")
"""States of a process that runs no more, the empty one of a pid that nobody has."""


@dataclass(frozen=True)
class Process:
    """A process that was started here."""

    pid: int
    command: tuple[str, ...]

    @property
    def is_alive(self) -> bool:
        """Whether the pid still runs this very command."""
        state, command = _told(self.pid)
        return state not in ENDED and command == " ".join(self.command)

    @property
    def is_gone(self) -> bool:
        """Whether it has ended; unlike one that is not alive, it holds neither files nor ports any more."""
        state, command = _told(self.pid)
        return state in ENDED or command not in ("", " ".join(self.command))


def _told(pid: int) -> tuple[str, str]:
    """A process' state, one letter, and its command line, joined by blanks; both empty where there is none."""
    if (PROC / "self").exists():
        try:
            state = (PROC / str(pid) / "stat").read_text().rpartition(") ")[2][:1]
            command = (PROC / str(pid) / "cmdline").read_bytes()
        except OSError:
            return "", ""
        return state, " ".join(os.fsdecode(command).rstrip("\0").split("\0"))
    ps = ["ps", "-ww", "-o", "stat=,command=", "-p", str(pid)]
    state, _, line = subprocess.run(ps, capture_output=True, text=True, check=False).stdout.strip().partition(" ")
    return state[:1], line.strip()


def start(command: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """Starts a server in its log's folder, apart from the terminal: Ctrl-C and a closed window do not reach it.

    Its environment is empty: no proxy, no setting of the caller's has a say in what it does.
    """
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
            env={"PATH": os.defpath},
            start_new_session=True,
        )


def kill(processes: Iterable[Process], patience: float = 10) -> None:
    """Ends processes at once; what they were doing is thrown away with their data.

    Raises:
        Failed: one is still there after so many seconds.
    """
    ours = [process for process in processes if process.is_alive]
    for process in ours:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    deadline = time.monotonic() + patience
    while left := [str(process.pid) for process in ours if not process.is_gone]:
        if time.monotonic() > deadline:
            raise Failed(f"killed, and still there after {patience:g} s: {', '.join(left)}")
        time.sleep(0.005)

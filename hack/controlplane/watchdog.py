"""What ends a test's servers when the test's own process is killed and cannot."""

import subprocess
from pathlib import Path

SCRIPT = """
while read -r pid; do pids="$pids $pid"; done
[ -z "$pids" ] || kill -9 $pids 2>/dev/null
for attempt in 1 2 3 4 5; do rm -rf "$0" 2>/dev/null && exit; sleep 0.2; done
"""
"""Reads pids until its standard input closes, which the kernel does when the process at its other end is no more."""


class Watchdog:
    """A shell that outlives this process: it kills the servers that it was told of, and removes a folder."""

    def __init__(self, folder: Path) -> None:
        # In a session of its own: a Ctrl-C must not end it before it has done its work.
        command = ["/bin/sh", "-c", SCRIPT, str(folder)]
        self._shell = subprocess.Popen(command, stdin=subprocess.PIPE, cwd="/", start_new_session=True)

    def guard(self, pid: int) -> None:
        """Names a process that shall not outlive this one. It is this process' child, so its pid stays its own."""
        assert self._shell.stdin  # noqa: S101 - a pipe was asked for
        self._shell.stdin.write(f"{pid}\n".encode())
        self._shell.stdin.flush()

    def end(self) -> None:
        """Has it remove the folder."""
        self._shell.communicate()

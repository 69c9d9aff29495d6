"""Runs a command and prints what it took, as JSON; a program of its own.

The kernel counts a child's memory from that of whoever started it, before it became another program. So it is started
by something small.
"""

import json
import os
import subprocess
import sys
import time


def main(output: str, *command: str) -> None:
    """Runs a command, its output into a file."""
    begun = time.monotonic()
    with open(output, "wb") as stream:  # noqa: PTH123  # small: pathlib would be another megabyte
        process = subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - begun
    told = {"exit": process.returncode, "wall": wall, "cpu": usage.ru_utime + usage.ru_stime}
    print(json.dumps({**told, "memory": usage.ru_maxrss / 1024}))


if __name__ == "__main__":
    main(*sys.argv[1:])

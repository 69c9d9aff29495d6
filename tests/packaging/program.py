"""The installed program, run as people run it: by its name, with nothing of the checkout on its path."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

HERE = ("COMP", "CONDA", "GATEWRIGHT", "KUBE", "PYTEST", "PYTHON", "VIRTUAL_ENV", "_")
"""How the variables begin that say where a test runs, and nothing about a person's machine."""


class Ran(NamedTuple):
    """The exit code of a command, and what it printed."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Program:
    """An installation.

    Args:
        bin: where its commands are.
        variables: what it needs besides.
    """

    bin: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    def environment(self, home: Path, **more: str) -> dict[str, str]:
        """The variables of a person who has it on the path."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(HERE)}
        own = {"HOME": str(home), "PATH": f"{self.bin}:/usr/bin:/bin", "TERM": "xterm", "COLUMNS": "80"}
        return {**inherited, **self.variables, **own, **more}

    def run(self, name: str, *arguments: str | Path, cwd: Path, **more: str) -> Ran:
        """Runs one of its commands, at home in a folder."""
        command = [str(self.bin / name) if (self.bin / name).exists() else name, *arguments]
        done = subprocess.run(
            command, cwd=cwd, env=self.environment(cwd, **more), capture_output=True, text=True, check=False, timeout=60
        )
        return Ran(done.returncode, done.stdout, done.stderr)


def call(*command: str | Path, cwd: Path) -> None:
    """Runs what must not fail.

    Raises:
        AssertionError: it did; what it printed is in the message.
    """
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr

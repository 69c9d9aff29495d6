"""The program as a plugin of kubectl: what `kubectl-gatewright` and `kubectl_complete-gatewright` on the path do.

kubectl finds both by their names: https://kubernetes.io/docs/tasks/extend-kubectl/kubectl-plugins/
"""

import contextlib
import io
import os
import shlex
import sys
from collections.abc import Callable

from typer.main import get_command

from gatewright.cli.main import app
from gatewright.cli.main import main as run

FILES, NO_FILES = ":0", ":4"
"""Cobra's directives, which end what completes: whether the shell offers files where nothing else fits."""


def main() -> None:
    """`kubectl gatewright …`, under that name."""
    run(_program(), "kubectl gatewright")


def complete() -> None:
    """Prints what the last of the arguments could be, a line each: kubectl asks when its own completion gets here."""
    words = ["gatewright", *sys.argv[1:]]
    os.environ |= {"COMP_WORDS": shlex.join(words), "COMP_CWORD": str(len(words) - 1)}
    os.environ["_GATEWRIGHT_COMPLETE"] = "complete_bash"  # the protocol of one value a line
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.suppress(SystemExit):
        _program()(prog_name="gatewright")
    found = told.getvalue().split()
    print(*found, NO_FILES if found else FILES, sep="\n")


def _program() -> Callable[..., object]:
    """The program without the completion that it installs by itself: kubectl has its own."""
    command = get_command(app)
    command.params = [option for option in command.params if not str(option.name).endswith("_completion")]
    return command

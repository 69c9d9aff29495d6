"""The command line, run in this process: its exit code, and what it writes to each of its two outputs."""

import json
from typing import Any, NamedTuple

from typer.testing import CliRunner

from gatewright.cli.main import app
from tests.builders import Object, pod

PLAIN = dict.fromkeys(("COLORTERM", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR"))
"""What the tests' own terminal must not decide."""


class Ran(NamedTuple):
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The JSON on standard output."""
        return json.loads(self.out)


def run(*arguments: str, stdin: str = "", **environment: str) -> Ran:
    """Runs `gatewright` with arguments. Whatever it raises but for its own end is raised here."""
    runner = CliRunner(env=PLAIN | {"TERM": "xterm"} | environment)
    result = runner.invoke(app, arguments, input=stdin, prog_name="gatewright", catch_exceptions=False)
    return Ran(result.exit_code, result.stdout, result.stderr)


PORT = pod({"spec.containers[0].ports": [{"hostPort": 80}]})
"""A Pod that the baseline level forbids: host-ports denies it by default, and warns of it under observe."""

ROOT = pod({"spec.containers[0].securityContext.runAsNonRoot": None, "metadata.name": "root"})
"""A Pod that only the restricted level forbids: run-as-non-root warns of it, and audits it under observe."""


def denied(source: str = "port.json", line: int = 1) -> str:
    """What `scan` prints of `PORT`, under an enforcing mode."""
    return f"""\
Pod shop/web ({source}:{line}): denied
  enforce host-ports (high): container "app" uses host port 80
          at {source}:{line} spec.containers[0].ports[0].hostPort = 80
          fix: remove it
"""


def warned(source: str = "port.json", line: int = 1) -> str:
    """What `scan` prints of `PORT`, under a mode that warns."""
    return denied(source, line).replace(": denied", ": allowed").replace("enforce", "warn   ")


def text(*objects: Object) -> str:
    """Objects, a line each: documents of YAML, and of JSON."""
    return "".join(f"---\n{json.dumps(one)}\n" for one in objects) if objects[1:] else json.dumps(objects[0])

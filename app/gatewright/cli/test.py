"""`gatewright test`: runs the cases of policies."""

from pathlib import Path
from typing import Annotated

import typer

from gatewright.cli.options import FAILED, UNDONE, NoColorOption, Output, OutputOption, QuietOption, refuse

EXAMPLES = """\b
Examples:
  gatewright test tests/policies
  gatewright test /etc/gatewright/policies"""


def cases(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Cases (x.yaml), with the policies (x.py) beside them.")
    ],
    output: OutputOption = Output.TEXT,
    quiet: QuietOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Run the cases of policies.

    Each case is repeated in every list of containers and in every kind that carries a pod.
    """
    from gatewright import wiring
    from gatewright.cli.terminal import console
    from gatewright.engine.reading import ConfigError
    from gatewright.report import json

    try:
        run = wiring.run_cases(folder)
    except ConfigError as error:
        refuse(error.problems)
    out, err = console(no_color), console(no_color, stderr=True)
    for problem in run.problems if output is Output.TEXT else ():
        err.print(f"error: {problem}")
    failed = [outcome for outcome in run.outcomes if outcome.failures]
    if output is Output.JSON:
        typer.echo(json.dumps(json.cases(run.outcomes, run.problems), indent=True))
    for outcome in failed if output is Output.TEXT else ():
        out.print(f"{outcome.source}:{outcome.line}: {outcome.policy}: {outcome.name}")
        for failure in outcome.failures:
            out.print(f"  {failure}")
    if run.outcomes and not quiet and output is Output.TEXT:
        objects = sum(outcome.objects for outcome in run.outcomes)
        policies = len({outcome.policy for outcome in run.outcomes})
        counts = f"{_count(policies, 'policy', 'policies')}, {_count(len(run.outcomes), 'case', 'cases')}"
        verdict = f"{len(failed)} failed" if failed else "all as expected"
        out.print(f"{counts} on {_count(objects, 'object', 'objects')}: {verdict}")
    if run.problems:
        raise typer.Exit(UNDONE)
    if failed:
        raise typer.Exit(FAILED)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"

"""`gatewright config check`: the configuration, resolved."""

from pathlib import Path
from typing import Annotated

import typer

from gatewright.cli.options import NoColorOption, Output, OutputOption, ProfileOption, refuse

app = typer.Typer(help="Work on a configuration.", no_args_is_help=True, rich_markup_mode=None)

EXAMPLES = """\b
Examples:
  gatewright config check gatewright.yaml
  gatewright config check gatewright.yaml --explain shop --label tier=production"""


@app.callback()
def _group() -> None:
    """Work on a configuration."""


@app.command("check", epilog=EXAMPLES)
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The configuration.")],
    profile: ProfileOption = None,
    explain: Annotated[str, typer.Option(metavar="NAMESPACE", help="What applies to pods there, and why.")] = "",
    label: Annotated[list[str] | None, typer.Option(metavar="KEY=VALUE", help="A label of that namespace.")] = None,
    output: OutputOption = Output.TEXT,
    no_color: NoColorOption = False,
) -> None:
    """Check a configuration and print it resolved."""
    from gatewright import wiring
    from gatewright.cli.terminal import console
    from gatewright.engine.explain import explained, resolved, warnings
    from gatewright.engine.reading import ConfigError
    from gatewright.report import json

    labels = dict(one.partition("=")[::2] for one in label or [])
    try:
        configuration = wiring.configure(file, profile)
    except ConfigError as error:
        refuse(error.problems)
    document = explained(configuration, explain, labels) if explain else resolved(configuration)
    if output is Output.JSON:
        typer.echo(json.dumps(document, indent=True))
        return
    out = console(no_color)
    out.print(f"profile {configuration.profile}, latest means {configuration.latest}, hash {configuration.hash}")
    out.print(", ".join(f"{key} {document[key]}" for key in ("podSecurityLabels", "enforceOn", "enforceRoles")))
    for kind, path in document["templates"].items():
        out.print(f"template {kind} {path}")
    width = {"policy": max(len(one["policy"]) for one in document["policies"]), "mode": len("enforce")}
    for one in document["policies"]:
        columns = (f"{one[key]:<{width[key]}}" for key in width)  # a map over severities is longer, and is rare
        out.print(*columns, f"{one['why']}{_params(one['params'])}", sep="  ")
    for where in document["elsewhere"]:
        out.print(f"elsewhere: {where}")
    for warning in warnings(configuration):
        console(no_color, stderr=True).print(f"warning: {warning}")


def _params(params: dict[str, object]) -> str:
    return "".join(f"  {name}: {value}" for name, value in params.items())

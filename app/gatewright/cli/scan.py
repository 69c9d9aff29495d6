"""`gatewright scan`: judges manifests."""

from typing import Annotated

import typer

from gatewright.cli.options import (
    FAILED,
    UNDONE,
    ConfigOption,
    FailOn,
    FailOnOption,
    NoColorOption,
    OnlyOption,
    Output,
    OutputOption,
    ProfileOption,
    QuietOption,
    ids,
    mode_of,
    refuse,
)

EXAMPLES = """\b
Examples:
  gatewright scan k8s/
  helm template . | gatewright scan -
  gatewright scan k8s/ --profile strict --fail-on warn
  gatewright scan web.yaml --only privileged -o json"""


def scan(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Files, folders, or - for standard input.")],
    profile: ProfileOption = None,
    config: ConfigOption = None,
    only: OnlyOption = "",
    output: OutputOption = Output.TEXT,
    fail_on: FailOnOption = FailOn.ENFORCE,
    quiet: QuietOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Judge manifests.

    They are judged as if all of one call were applied to an empty cluster.
    """
    from gatewright import wiring
    from gatewright.cli.terminal import console, with_progress
    from gatewright.cluster.manifests import gather
    from gatewright.engine.reading import ConfigError
    from gatewright.engine.scan import scan as judge
    from gatewright.report import json, text

    try:
        configuration = wiring.configure(config, profile)
        manifests = gather(paths)
        engine = wiring.engine_for(configuration, manifests, ids(only, configuration))
    except ConfigError as error:
        refuse(error.problems)
    scanned = [judge(document, engine) for document in with_progress(manifests.objects, "scanning")]
    threshold = mode_of(fail_on)
    failing = [one for one in scanned if any(finding.mode >= threshold for finding in one.decision.findings)]
    if output is Output.JSON:
        document = json.scan(configuration.profile, configuration.hash, scanned, manifests.errors)
        typer.echo(json.dumps(document, indent=True))
    else:
        out, err = console(no_color), console(no_color, stderr=True)
        for one in failing if quiet else scanned:
            out.print(*text.scanned(one), sep="\n", end="\n" if one.decision.findings else "")
        for problem in manifests.errors:
            err.print(text.error(problem))
        if not quiet:
            out.print(text.summary(scanned, len(manifests.errors), manifests.skipped))
    if manifests.errors:
        raise typer.Exit(UNDONE)
    if failing:
        raise typer.Exit(FAILED)

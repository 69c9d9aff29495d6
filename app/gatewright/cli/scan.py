"""`gatewright scan`: judges manifests."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    from collections.abc import Callable

    from gatewright.cluster.manifests import Manifests
    from gatewright.engine.config import Configuration
    from gatewright.engine.engine import Engine

    Gathered = Callable[[Path | None, str | None, str], tuple[Configuration, Manifests, Engine]]

EXAMPLES = """\b
Examples:
  gatewright scan k8s/
  helm template . | gatewright scan -
  gatewright scan k8s/ --profile strict --fail-on warn
  gatewright scan web.yaml --only privileged -o json
  gatewright scan --cluster -n shop"""


def scan(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATH", help="Files, folders, or - for standard input.")
    ] = None,
    cluster: Annotated[
        bool, typer.Option("--cluster", help="Judge what is in the cluster of the current context, and only read it.")
    ] = False,
    context: Annotated[
        str | None, typer.Option(metavar="NAME", help="With --cluster: another context of the kubeconfig.")
    ] = None,
    kubeconfig: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With --cluster: another kubeconfig than kubectl's.")
    ] = None,
    namespace: Annotated[
        str, typer.Option("--namespace", "-n", metavar="NAME", help="With --cluster: the objects of this one alone.")
    ] = "",
    profile: ProfileOption = None,
    config: ConfigOption = None,
    only: OnlyOption = "",
    output: OutputOption = Output.TEXT,
    fail_on: FailOnOption = FailOn.ENFORCE,
    quiet: QuietOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Judge manifests.

    They are judged as if all of one call were applied to an empty cluster. With --cluster the objects of a live one are
    judged instead. What a controller made, as the Pods of a Deployment, is told of only where the object that it was
    made from does not tell the same.
    """
    if cluster == bool(paths):
        refuse(["give the PATHs of manifests, or --cluster"])
    if not cluster and (context or kubeconfig or namespace):
        refuse(["--context, --kubeconfig and --namespace go with --cluster"])
    from gatewright.cli.terminal import console, with_progress
    from gatewright.cluster.inventory import without_repeated
    from gatewright.engine.reading import ConfigError
    from gatewright.engine.scan import scan as judge
    from gatewright.report import json, text

    try:
        gathered = _cluster(kubeconfig, context, namespace) if cluster else _manifests(paths or [])
        configuration, manifests, engine = gathered(config, profile, only)
    except ConfigError as error:
        refuse(error.problems)
    scanned = [judge(document, engine) for document in with_progress(manifests.objects, "scanning")]
    if cluster:
        scanned = without_repeated(scanned)
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


def _manifests(paths: list[str]) -> "Gathered":
    from gatewright import wiring
    from gatewright.cluster.manifests import gather

    def gathered(file: Path | None, profile: str | None, only: str) -> "tuple[Configuration, Manifests, Engine]":
        configuration = wiring.configure(file, profile)
        manifests = gather(paths)
        return configuration, manifests, wiring.engine_for(configuration, manifests, ids(only, configuration))

    return gathered


def _cluster(kubeconfig: Path | None, context: str | None, namespace: str) -> "Gathered":
    from gatewright import wiring
    from gatewright.cli.terminal import with_progress
    from gatewright.cluster.manifests import Manifests

    def gathered(file: Path | None, profile: str | None, only: str) -> "tuple[Configuration, Manifests, Engine]":
        live = wiring.Scanning(kubeconfig, context)
        configuration = wiring.configure(file, profile, latest=live.latest)
        read, engine = live.read(configuration, ids(only, configuration), namespace, with_progress)
        return configuration, Manifests(read.documents, read.errors), engine

    return gathered

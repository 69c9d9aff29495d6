"""`gatewright review`: judges recorded AdmissionReviews, as the webhook would or by a running one."""

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from gatewright.cli.options import (
    FAILED,
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
  gatewright review reviews.jsonl --manifests namespaces.yaml
  gatewright review review.json --server https://127.0.0.1:8443 --ca ca.crt"""


def review(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="AdmissionReviews or bare requests; - is stdin.")],
    server: Annotated[str, typer.Option(metavar="URL", help="Send them to this webhook instead.")] = "",
    ca: Annotated[Path | None, typer.Option(metavar="FILE", help="The certificate to trust it by, PEM.")] = None,
    manifests: Annotated[
        list[str] | None, typer.Option(metavar="PATH", help="Namespaces and other objects to take as the cluster.")
    ] = None,
    profile: ProfileOption = None,
    config: ConfigOption = None,
    only: OnlyOption = "",
    _output: OutputOption = Output.JSON,
    fail_on: FailOnOption = FailOn.ENFORCE,
    quiet: QuietOption = False,
    _no_color: NoColorOption = False,
) -> None:
    """Judge recorded AdmissionReviews.

    As the webhook would: one line of JSON each, whatever --output says.
    """
    from gatewright import wiring
    from gatewright.cli.terminal import with_progress
    from gatewright.cluster.reviews import gather
    from gatewright.engine.reading import ConfigError
    from gatewright.report import json
    from gatewright.webhook.reviewer import Reviewer, ReviewError

    reviewer: Reviewer
    try:
        if server:
            if only or config or profile or manifests:
                refuse(
                    ["--server judges by its own configuration: leave --only, --config, --profile and --manifests out"]
                )
            reviewer = wiring.remote_reviewer(server, ca)
        else:
            configuration = wiring.configure(config, profile)
            reviewer = wiring.local_reviewer(configuration, manifests or [], ids(only, configuration))
    except ConfigError as error:
        refuse(error.problems)
    reviews, errors = gather(files)
    problems: list[object] = list(errors)
    failed = False
    with contextlib.closing(reviewer):
        for recorded in with_progress(reviews, "reviewing"):
            try:
                reviewed = reviewer.review(recorded.body)
            except ReviewError as error:
                problems.append(f"{recorded.source}:{recorded.line}: {error}")
                continue
            fails = reviewed.strongest >= mode_of(fail_on)
            failed |= fails
            if fails or not quiet:
                typer.echo(json.dumps(json.review(recorded.source, reviewed), indent=False))
    if problems:
        refuse(problems)
    if failed:
        raise typer.Exit(FAILED)

"""The program: its commands, in the order that people meet them."""

import sys
from collections.abc import Callable
from typing import Annotated, NoReturn

import typer

from gatewright import __version__
from gatewright.cli import config, new_policy, policies, rbac, review, scan, serve, test
from gatewright.cli.options import UNDONE

app = typer.Typer(
    name="gatewright",
    help="Refuses insecure Kubernetes workloads, and says how to mend them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("scan", epilog=scan.EXAMPLES)(scan.scan)
app.command("review", epilog=review.EXAMPLES)(review.review)
app.command("serve", epilog=serve.EXAMPLES)(serve.serve)
app.command("policies", epilog=policies.EXAMPLES)(policies.policies)
app.command("new-policy", epilog=new_policy.EXAMPLES)(new_policy.new_policy)
app.command("test", epilog=test.EXAMPLES)(test.cases)
app.add_typer(config.app, name="config")
app.add_typer(rbac.app, name="rbac")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gatewright {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Refuses insecure Kubernetes workloads, and says how to mend them."""


def main(command: Callable[..., object] = app, prog_name: str | None = None) -> None:
    """Runs the command line. Exit codes: 0 nothing that fails, 1 something that fails, 2 the work could not be done.

    Args:
        command: the program, unless it is a form of it.
        prog_name: what it calls itself; how it was called, unless given.
    """
    try:
        command(prog_name=prog_name)
    except OSError as error:
        _unwritten(error)
    except SystemExit as end:  # a reader that has gone is a plain 1 to typer and rich
        if isinstance(end.__context__, BrokenPipeError):
            _unwritten(end.__context__)
        raise


def _unwritten(error: OSError) -> NoReturn:
    """Ends a command whose own output cannot be written: a full disk, a reader that has gone."""
    print(f"error: the output cannot be written: {error.strerror}", file=sys.stderr)
    sys.exit(UNDONE)

"""The options that commands share, and the exit codes."""

import enum
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from gatewright.model.text import escape

if TYPE_CHECKING:
    from gatewright.engine.config import Configuration
    from gatewright.engine.decision import Mode

FAILED, UNDONE = 1, 2
"""Something that fails was found; the command could not do its work (which beats the other)."""


class Profile(enum.StrEnum):
    """The built-in profiles."""

    OBSERVE = "observe"
    DEFAULT = "default"
    STRICT = "strict"


class Output(enum.StrEnum):
    """For people, or for programs."""

    TEXT = "text"
    JSON = "json"


class FailOn(enum.StrEnum):
    """The weakest mode whose findings make the exit code 1."""

    ENFORCE = "enforce"
    WARN = "warn"
    AUDIT = "audit"


ProfileOption = Annotated[
    Profile | None, typer.Option("--profile", help="The profile to start from; the file's own, else default.")
]
ConfigOption = Annotated[Path | None, typer.Option("--config", "-c", metavar="FILE", help="The configuration.")]
OnlyOption = Annotated[str, typer.Option("--only", metavar="ID,ID", help="Run these policies alone.")]
OutputOption = Annotated[Output, typer.Option("--output", "-o", help="For people or for programs.")]
FailOnOption = Annotated[FailOn, typer.Option("--fail-on", help="The weakest mode that makes the exit code 1.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print only what fails, and no summary.")]
NoColorOption = Annotated[bool, typer.Option("--no-color", help="No colours. NO_COLOR does the same.")]


def mode_of(fail_on: FailOn) -> "Mode":
    """The option as a mode."""
    from gatewright.engine.decision import Mode

    return Mode[fail_on.name]


def ids(only: str, configuration: "Configuration") -> Collection[str]:
    """The ids of `--only`, upstream's spelling among them."""
    aliases = configuration.catalog.aliases
    return [aliases.get(id_, id_) for id_ in (part.strip() for part in only.split(",")) if id_]


def refuse(problems: Iterable[object]) -> NoReturn:
    """Ends a command that cannot do its work, with every reason."""
    for problem in problems:
        typer.echo(f"error: {escape(str(problem))}", err=True)
    raise typer.Exit(UNDONE)

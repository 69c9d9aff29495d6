"""What is printed to a terminal: text that is never markup, and progress where work takes long."""

import sys
import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress

T = TypeVar("T")

PATIENCE = 1.0
"""Seconds of silence before progress is shown."""


def console(no_color: bool = False, *, stderr: bool = False) -> Console:
    """A console that takes text as it is: no markup, no highlights, no wrapping."""
    return Console(stderr=stderr, no_color=no_color or None, markup=False, highlight=False, emoji=False, soft_wrap=True)


def with_progress(items: Sequence[T], what: str) -> Iterator[T]:
    """The items, with progress on stderr once they take more than a second; only on a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    start = time.monotonic()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=len(items), visible=False)
        for item in items:
            yield item
            progress.update(task, advance=1, visible=time.monotonic() - start > PATIENCE)

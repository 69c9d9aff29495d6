"""Where the fields of a document stand in its file, and the refusals that every format shares."""

from __future__ import annotations

import json

from gatewright.model.path import Path

MAX_DEPTH = 500
"""How deep mappings and lists may nest in one document."""

MAX_VALUES = 1_000_000
"""How many values, keys included, one document may hold."""


class Refused(Exception):
    """A document that is not read, for a reason at a line (1-based, of the file)."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(line, message)
        self.line = line
        self.message = message


class Lines:
    """The lines of a mapping's keys, or of a list's items, and of what lies within them.

    A document's own are those of a list with one item, its root.
    """

    __slots__ = ("at", "within")

    def __init__(self, at: dict[str, int] | list[int]) -> None:
        self.at = at
        self.within: dict[str | int, Lines] | None = None  # mappings and lists only, and few have any: memory

    def put(self, part: str | int, inner: Lines) -> None:
        if self.within is None:
            self.within = {}
        self.within[part] = inner

    def line_of(self, path: Path) -> int:
        """The line of the path's last part, or of the nearest one before it that exists."""
        here: Lines | None = self
        line = 1
        for part in path:
            if here is None:
                break
            if (isinstance(here.at, dict) and isinstance(part, str) and part in here.at) or (isinstance(here.at, list) and isinstance(part, int) and -1 < part < len(here.at)):
                line = here.at[part]
            else:
                break
            here = here.within and here.within.get(part)
        return line


def too_deep(line: int) -> Refused:
    return Refused(line, f"mappings and lists nest deeper than {MAX_DEPTH} levels")


def too_many(line: int) -> Refused:
    return Refused(line, f"the document holds more than {MAX_VALUES:,} values")


def duplicate(line: int, key: str, first: int) -> Refused:
    return Refused(line, f"duplicate key {quoted(key)} (first at line {first})")


def quoted(text: str) -> str:
    """A piece of the file for a message: in quotes, short, and on one line."""
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    return json.dumps(shown, ensure_ascii=not shown.isprintable())

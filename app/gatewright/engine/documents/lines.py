"""Where the fields of a document stand in its file, and the refusals that both formats share."""

from __future__ import annotations

import json

from gatewright.model.path import Path

MAX_DEPTH = 500
"""How deep mappings and lists may nest in one document."""

MAX_VALUES = 1_000_000
"""How many values, keys included, one document may hold."""


class Lines:
    """A mapping or a list: the line of its own key or item, and the places of its keys or items."""

    __slots__ = ("at", "line")

    def __init__(self, line: int, at: dict[str, Place] | list[Place]) -> None:
        self.line = line
        self.at = at


Place = int | Lines
"""Where a value is: the line of its key or item, bare if nothing can lie within it. Lines count from 1, in the file."""


def line_of(place: Place, path: Path) -> int:
    """The line of what is at a path, or of the nearest thing around it that exists."""
    for part in path:
        if isinstance(place, int):
            return place
        if isinstance(place.at, dict):
            inner = place.at.get(str(part))
        else:
            inner = place.at[part] if isinstance(part, int) and -1 < part < len(place.at) else None
        if inner is None:
            break
        place = inner
    return place if isinstance(place, int) else place.line


class Refused(Exception):
    """A document that is not read, and the line of the reason."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(line, message)
        self.line = line
        self.message = message


def too_deep(line: int) -> Refused:
    return Refused(line, f"mappings and lists nest deeper than {MAX_DEPTH} levels")


def too_many(line: int) -> Refused:
    return Refused(line, f"the document holds more than {MAX_VALUES:,} values")


def duplicate(line: int, key: str, first: Place) -> Refused:
    return Refused(line, f"duplicate key {quoted(key)} (first at line {line_of(first, ())})")


def quoted(text: str) -> str:
    """A piece of the file for a message: in quotes, short, and on one line."""
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    return json.dumps(shown, ensure_ascii=not shown.isprintable())

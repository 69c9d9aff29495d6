"""A document, and what one cannot read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from gatewright.engine.documents.lines import Place, line_of
from gatewright.model.path import Path, find, render

_MISSING = object()


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """The text of one document, and how its fields are found in it when a line is asked for."""

    text: str
    line: int
    """Of its file, where the text starts."""
    places: Callable[[str, int], Place]


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a file, or a part of one."""

    source: str
    """The file as the user named it; `-` is standard input."""
    line: int
    """Where its content starts, from 1."""
    value: Any
    """Plain dict, list, str, int, float, bool or None; every key is a str. Never changed: YAML aliases share parts."""
    origin: Origin = field(repr=False, compare=False)
    place: Path = field(default=(), repr=False, compare=False)
    """Where the value lies in the origin's."""

    @classmethod
    def empty(cls, source: str) -> Document:
        """A mapping without keys, for a file without a document."""
        return cls(source, 1, {}, Origin("", 1, lambda _text, line: line))

    def line_of(self, path: Path) -> int:
        """The line of a field's key or of a list's item, or of the nearest one around it that exists."""
        return line_of(_places(self.origin), (*self.place, *path))

    def at(self, path: Path) -> Document:
        """The part at a path as a document of its own; LookupError if there is none."""
        value = find(self.value, path, _MISSING)
        if value is _MISSING:
            raise LookupError(f"{self.source}:{self.line}: there is no {render(path)}")
        return Document(self.source, self.line_of(path), value, self.origin, (*self.place, *path))


@lru_cache(maxsize=4)
def _places(origin: Origin) -> Place:
    # Most documents are never asked for a line, and one that is, is asked again at once: places are not kept for all.
    return origin.places(origin.text, origin.line)


class DocumentError(Exception):
    """A document that cannot be read, why, and at which line of its file; 0 if it is about no line."""

    def __init__(self, source: str, line: int, message: str) -> None:
        super().__init__(source, line, message)
        self.source = source
        self.line = line
        self.message = message

    def __str__(self) -> str:
        return f"{self.source}:{self.line}: {self.message}" if self.line else f"{self.source}: {self.message}"

"""A document, and what one cannot read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from typing import Any

from gatewright.engine.documents.lines import Lines
from gatewright.model.path import Path


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """The text of one document, and how its lines are found when they are asked for."""

    text: str
    line: int
    """Of its file, where the text starts."""
    lines: Callable[[str, int], Lines]


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a file, or a part of one."""

    source: str
    """The file as the user named it; `-` is standard input."""
    line: int
    """Where its content starts, from 1."""
    value: Any
    """Plain dict, list, str, int, float, bool or None; every key is a str. Parts may be shared (YAML aliases): never change it."""
    origin: Origin = field(repr=False, compare=False)
    place: Path = field(default=(), repr=False, compare=False)
    """Where the value lies in the origin's."""

    @classmethod
    def empty(cls, source: str) -> Document:
        """A mapping without keys, for a file without a document."""
        return cls(source, 1, {}, Origin("", 1, lambda _text, _line: Lines([])))

    def line_of(self, path: Path) -> int:
        """The line of a field's key or of a list's item, or of the nearest one around it that exists."""
        return _lines(self.origin).line_of((0, *self.place, *path))

    def at(self, path: Path) -> Document:
        """The part at a path as a document of its own; LookupError if there is none."""
        value = reduce(lambda outer, part: outer[part], path, self.value)
        return Document(self.source, self.line_of(path), value, self.origin, (*self.place, *path))


@lru_cache(maxsize=4)
def _lines(origin: Origin) -> Lines:
    # Most documents are never asked for a line, and one that is, is asked again at once: lines are not kept.
    return origin.lines(origin.text, origin.line)


class DocumentError(Exception):
    """A document that cannot be read, why, and at which line of its file."""

    def __init__(self, source: str, line: int, message: str) -> None:
        super().__init__(source, line, message)
        self.source = source
        self.line = line
        self.message = message

    def __str__(self) -> str:
        return f"{self.source}:{self.line}: {self.message}"

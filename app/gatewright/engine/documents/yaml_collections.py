"""Mappings and lists of a YAML document while they are read: keys, merge keys and values as kubectl has them."""

from __future__ import annotations

from typing import Any

from gatewright.engine.documents import yaml_values
from gatewright.engine.documents.lines import Lines, Place, duplicate
from gatewright.engine.documents.yaml_values import Scalar

MERGES = "<< takes a mapping or a list of mappings"


class _Collection:
    __slots__ = ("before", "height", "line", "placed", "size")

    def __init__(self, line: int, before: int, *, placed: bool) -> None:
        self.line = line
        self.placed = placed
        """The places of what it holds are kept."""
        self.before = before
        """Values before it in the document."""
        self.size = 0
        """Values in it, itself included; 0 while it is open."""
        self.height = 1
        """Levels, its own included."""


class List(_Collection):
    __slots__ = ("at", "value")

    def __init__(self, line: int, before: int, *, placed: bool) -> None:
        super().__init__(line, before, placed=placed)
        self.value: list[Any] = []
        self.at: list[Place] = []

    def add_scalar(self, scalar: Scalar, line: int) -> None:
        self.value.append(yaml_values.value(scalar))
        if self.placed:
            self.at.append(line)

    def add(self, inner: List | Mapping, line: int) -> None:
        self.value.append(inner.value)
        if self.placed:
            self.at.append(Lines(line, inner.at))


class Mapping(_Collection):
    __slots__ = ("at", "key", "key_line", "merged", "merges", "value")

    def __init__(self, line: int, before: int, *, placed: bool) -> None:
        super().__init__(line, before, placed=placed)
        self.value: dict[str, Any] = {}
        self.at: dict[str, Place] = {}
        self.key: str | None = None
        """Its value comes next."""
        self.key_line = line
        self.merges = False
        """The value of << comes next."""
        self.merged: set[str] = set()
        """The keys that only << gave."""

    @property
    def wants_key(self) -> bool:
        return self.key is None and not self.merges

    def add_scalar(self, scalar: Scalar, line: int) -> None:
        if self.merges:
            raise ValueError(MERGES)
        if self.key is not None:
            self.value[self.key] = yaml_values.value(scalar)
            self.key = None
            return
        key = yaml_values.key(scalar)
        if key in self.at and key not in self.merged:
            raise duplicate(line, key, self.at[key])
        self.merged.discard(key)
        self.at[key] = line
        self.key = key
        self.key_line = line

    def add(self, inner: List | Mapping, _line: int) -> None:
        if self.key is not None:
            self.value[self.key] = inner.value
            if self.placed:
                self.at[self.key] = Lines(self.key_line, inner.at)
            self.key = None
            return
        self.merges = False
        if isinstance(inner, Mapping):
            self._merge(inner.value, Lines(inner.line, inner.at))
            return
        places = inner.at or [inner.line] * len(inner.value)
        for value, place in zip(reversed(inner.value), reversed(places), strict=True):  # the first of the list wins
            self._merge(value, place)

    def _merge(self, value: Any, place: Place) -> None:
        """As go.yaml.in/yaml/v2 does it: over the keys before it, under the keys after it."""
        if not isinstance(value, dict):
            raise ValueError(MERGES)
        self.merged |= value.keys() - self.at.keys()
        self.value |= value
        for key in value:
            self.at[key] = place.at[key] if isinstance(place, Lines) else place

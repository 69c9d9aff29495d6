"""One YAML document, from the parser's events to values and lines, without recursion: no nesting is too deep for it.

Keys, scalars, merge keys and aliases come out as kubectl has them (yaml_values.py says which code that is).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from yaml._yaml import CParser
from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
)
from yaml.reader import ReaderError

from gatewright.engine.documents import yaml_values
from gatewright.engine.documents.lines import (
    MAX_DEPTH,
    MAX_VALUES,
    Lines,
    Refused,
    duplicate,
    quoted,
    too_deep,
    too_many,
)
from gatewright.engine.documents.yaml_values import Scalar

MAX_ALIASED = 100_000
"""How many values of one document may come from aliases; kubectl stops near 400,000."""

_MERGES = "<< takes a mapping or a list of mappings"
_MERGE_TAG = "tag:yaml.org,2002:merge"
_COLLECTION_TAGS = {None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}


class Read(NamedTuple):
    value: Any
    """None, too, where the text is only comment."""
    lines: Lines


def read(text: str, first_line: int) -> Read:
    """The one document of a text that starts at `first_line` of its file.

    What an alias stands for is the same object in every place.

    Raises:
        Refused: the document is broken, or too large.
    """
    document = _Document(first_line)
    parser = CParser(text)
    try:
        while (event := parser.get_event()) is not None:
            document.add(event)
    except MarkedYAMLError as error:
        raise _broken(error, text, first_line) from error
    except ReaderError as error:
        line = first_line + text.encode()[: error.position].count(b"\n")
        raise Refused(line, f"YAML does not allow the control character U+{error.character:04X}") from error
    return Read(document.root.value[0] if document.root.value else None, document.root.lines)


def _broken(error: MarkedYAMLError, text: str, first_line: int) -> Refused:
    """The parser's error in one line."""
    mark = error.problem_mark or error.context_mark
    line, index = (min(mark.line, text.count("\n")), mark.index) if mark else (0, 0)
    message = error.problem or "this is not YAML"
    if text[index : index + 1] == "\t":
        message = "a tab where YAML wants spaces: indent with spaces"
    elif message == "found character that cannot start any token":
        message = f"{quoted(text[index])} cannot begin a value: quote the value"
    elif error.context and error.context_mark:
        message += f" {error.context} that starts at line {first_line + error.context_mark.line}"
    return Refused(first_line + line, message)


class _Collection:
    """What is known of a mapping or a list while it is read."""

    __slots__ = ("before", "height", "line", "lines", "size")

    def __init__(self, lines: Lines, line: int, before: int) -> None:
        self.lines = lines
        self.line = line
        self.before = before  # values before it in the document
        self.size = 0  # values, itself included; 0 while it is open
        self.height = 1  # levels, its own included


class _List(_Collection):
    __slots__ = ("at", "value")

    def __init__(self, line: int, before: int) -> None:
        self.value: list[Any] = []
        self.at: list[int] = []
        super().__init__(Lines(self.at), line, before)

    def scalar(self, scalar: Scalar, line: int) -> None:
        self.value.append(yaml_values.value(scalar))
        self.at.append(line)

    def collection(self, inner: _List | _Mapping, line: int) -> None:
        self.lines.put(len(self.value), inner.lines)
        self.value.append(inner.value)
        self.at.append(line)


class _Mapping(_Collection):
    __slots__ = ("at", "key", "merged", "merges", "value")

    def __init__(self, line: int, before: int) -> None:
        self.value: dict[str, Any] = {}
        self.at: dict[str, int] = {}
        self.key: str | None = None  # its value comes next
        self.merges = False  # the value of << comes next
        self.merged: set[str] = set()  # the keys that only << gave
        super().__init__(Lines(self.at), line, before)

    def scalar(self, scalar: Scalar, line: int) -> None:
        if self.merges:
            raise ValueError(_MERGES)
        if self.key is not None:
            self.value[self.key] = yaml_values.value(scalar)
            self.key = None
            return
        key = yaml_values.key(scalar)
        if key in self.merged:
            self.merged.discard(key)
            self._forget(key)
        elif key in self.at:
            raise duplicate(line, key, self.at[key])
        self.key = key
        self.at[key] = line

    def collection(self, inner: _List | _Mapping, line: int) -> None:
        if self.key is not None:
            self.value[self.key] = inner.value
            self.lines.put(self.key, inner.lines)
            self.key = None
            return
        self.merges = False
        if isinstance(inner, _Mapping):
            self._merge(inner.value, inner.lines)
        else:
            for index in reversed(range(len(inner.value))):  # the first of the list wins
                self._merge(inner.value[index], (inner.lines.within or {}).get(index))

    def _merge(self, value: Any, lines: Lines | None) -> None:
        """As go.yaml.in/yaml/v2 does it: over the keys before it, under the keys after it."""
        if not isinstance(value, dict) or lines is None or not isinstance(lines.at, dict):
            raise ValueError(_MERGES)
        self.merged |= value.keys() - self.at.keys()
        self.value |= value
        self.at |= lines.at
        for key in value:
            self._forget(key)
        for key, inner in (lines.within or {}).items():
            self.lines.put(key, inner)

    def _forget(self, key: str) -> None:
        """The value that << gave is replaced: what lay within it lies there no longer."""
        if self.lines.within:
            self.lines.within.pop(key, None)


class _Document:
    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.root = _List(first_line, 0)
        self.open: list[_List | _Mapping] = [self.root]
        self.anchors: dict[str, _List | _Mapping | ScalarEvent] = {}
        self.values = 0
        self.aliased = 0

    def add(self, event: Event) -> None:
        line = self.first_line + (event.start_mark.line if event.start_mark else 0)
        try:
            if isinstance(event, ScalarEvent):
                if event.anchor is not None:
                    self.anchors[event.anchor] = event
                self._scalar(event, line, event.implicit[0] or event.tag == _MERGE_TAG)
            elif isinstance(event, CollectionStartEvent):
                self._start(event, line)
            elif isinstance(event, CollectionEndEvent):
                ended = self.open.pop()
                ended.size = self.values - ended.before
                self._collection(ended, ended.line)
            elif isinstance(event, AliasEvent):
                self._alias(event.anchor or "", line)
            elif isinstance(event, DocumentStartEvent) and self.root.value:
                raise ValueError("a second document starts without a line of --- before it")
        except ValueError as error:
            raise Refused(line, str(error)) from error

    def _scalar(self, event: ScalarEvent, line: int, may_merge: bool) -> None:
        self._count(1, line)
        parent = self.open[-1]
        if may_merge and event.value == "<<" and isinstance(parent, _Mapping) and parent.key is None:
            parent.merges = True
        elif event.tag is not None:
            parent.scalar(yaml_values.tagged(event.value, event.tag), line)
        else:
            parent.scalar(yaml_values.plain(event.value) if event.implicit[0] else event.value, line)

    def _start(self, event: CollectionStartEvent, line: int) -> None:
        if event.tag not in _COLLECTION_TAGS:
            raise yaml_values.unknown_tag(event.tag or "")
        self._refuse_as_key()
        if len(self.open) > MAX_DEPTH:
            raise too_deep(line)
        kind = _Mapping if isinstance(event, MappingStartEvent) else _List
        started = kind(line, self.values)
        self._count(1, line)
        if event.anchor is not None:
            self.anchors[event.anchor] = started
        self.open.append(started)

    def _alias(self, name: str, line: int) -> None:
        anchored = self.anchors.get(name)
        if anchored is None:
            raise ValueError(f"the alias {quoted(name)} has no anchor before it")
        if isinstance(anchored, ScalarEvent):
            self._scalar(anchored, line, may_merge=False)
            return
        self._refuse_as_key()
        if not anchored.size:
            raise ValueError(f"the anchor {quoted(name)} contains itself")
        if isinstance(anchored, _List) and isinstance(self.open[-1], _Mapping) and self.open[-1].merges:
            raise ValueError(_MERGES)
        if len(self.open) - 1 + anchored.height > MAX_DEPTH:
            raise too_deep(line)
        self.aliased += anchored.size
        if self.aliased > MAX_ALIASED:
            raise ValueError(f"aliases stand for more than {MAX_ALIASED:,} values")
        self._count(anchored.size, line)
        self._collection(anchored, line)

    def _refuse_as_key(self) -> None:
        parent = self.open[-1]
        if isinstance(parent, _Mapping) and parent.key is None and not parent.merges:
            raise ValueError("a mapping or a list cannot be a key")

    def _collection(self, inner: _List | _Mapping, line: int) -> None:
        parent = self.open[-1]
        parent.height = max(parent.height, inner.height + 1)
        parent.collection(inner, line)

    def _count(self, values: int, line: int) -> None:
        self.values += values
        if self.values > MAX_VALUES:
            raise too_many(line)

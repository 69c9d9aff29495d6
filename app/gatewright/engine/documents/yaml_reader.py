"""One YAML document, from the parser's events to values and lines. By a stack: recursion would overflow it."""

from __future__ import annotations

from typing import Any

from yaml._yaml import CParser  # yaml.cyaml has it too, but not for a type checker
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
from gatewright.engine.documents.lines import MAX_DEPTH, MAX_VALUES, Place, Refused, line_of, quoted, too_deep, too_many
from gatewright.engine.documents.yaml_collections import MERGES, List, Mapping

MAX_ALIASED = 100_000
"""How many values of one document may come from aliases; kubectl stops near 400,000."""

_MERGE_TAG = "tag:yaml.org,2002:merge"
_COLLECTION_TAGS = {None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}


def read(text: str, first_line: int) -> tuple[Any, int]:
    """The one document of a text that starts at `first_line` of its file, and the line where it begins.

    A text of comment alone is null. What an alias stands for is the same object in every place.

    Raises:
        Refused: the document is broken, or too large.
    """
    root = _root(text, first_line, placed=False)
    return (root.value[0], line_of(root.at[0], ())) if root.value else (None, first_line)


def places(text: str, first_line: int) -> Place:
    """The place of that document, and of all within it."""
    return _root(text, first_line, placed=True).at[0]


def _root(text: str, first_line: int, *, placed: bool) -> List:
    document = _Document(first_line, placed=placed)
    parser = CParser(text)
    try:
        while (event := parser.get_event()) is not None:
            document.add(event)
    except MarkedYAMLError as error:
        raise _broken(error, text, first_line) from error
    except ReaderError as error:
        line = first_line + text.encode()[: error.position].count(b"\n")
        raise Refused(line, f"YAML does not allow the control character U+{error.character:04X}") from error
    return document.root


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


class _Document:
    def __init__(self, first_line: int, *, placed: bool) -> None:
        self.first_line = first_line
        self.placed = placed
        self.root = List(first_line, 0, placed=True)
        self.open: list[List | Mapping] = [self.root]
        self.anchors: dict[str, List | Mapping | ScalarEvent] = {}
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
        if may_merge and event.value == "<<" and isinstance(parent, Mapping) and parent.wants_key:
            parent.merges = True
        elif event.tag is not None:
            parent.add_scalar(yaml_values.tagged(event.value, event.tag), line)
        else:
            parent.add_scalar(yaml_values.plain(event.value) if event.implicit[0] else event.value, line)

    def _start(self, event: CollectionStartEvent, line: int) -> None:
        if event.tag not in _COLLECTION_TAGS:
            raise yaml_values.unknown_tag(event.tag or "")
        self._refuse_as_key()
        if len(self.open) > MAX_DEPTH:
            raise too_deep(line)
        kind = Mapping if isinstance(event, MappingStartEvent) else List
        started = kind(line, self.values, placed=self.placed)
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
        parent = self.open[-1]
        if not anchored.size:
            raise ValueError(f"the anchor {quoted(name)} contains itself")
        if len(self.open) - 1 + anchored.height > MAX_DEPTH:
            raise too_deep(line)
        if isinstance(anchored, List) and isinstance(parent, Mapping) and parent.merges:
            raise ValueError(MERGES)
        self.aliased += anchored.size
        if self.aliased > MAX_ALIASED:
            raise ValueError(f"aliases stand for more than {MAX_ALIASED:,} values")
        self._count(anchored.size, line)
        self._collection(anchored, line)

    def _refuse_as_key(self) -> None:
        parent = self.open[-1]
        if isinstance(parent, Mapping) and parent.wants_key:
            raise ValueError("a mapping or a list cannot be a key")

    def _collection(self, inner: List | Mapping, line: int) -> None:
        parent = self.open[-1]
        parent.height = max(parent.height, inner.height + 1)
        parent.add(inner, line)

    def _count(self, values: int, line: int) -> None:
        self.values += values
        if self.values > MAX_VALUES:
            raise too_many(line)

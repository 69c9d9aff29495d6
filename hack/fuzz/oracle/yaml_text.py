"""YAML read a second time: libyaml's events, put together here, and of scalars only what everybody reads alike."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
_WORD = re.compile(r"[A-Za-z][-A-Za-z0-9_./]*")
_SPECIAL = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
_BOOLEANS = {"true": True, "false": False}

DEEP, MANY = 400, 50_000
"""Levels, and values, up to which two readings are compared."""


class Unknown:
    """A scalar that is read in more than one way."""

    def __repr__(self) -> str:
        return "?"


UNKNOWN = Unknown()


class Mapping(NamedTuple):
    """The entries of a mapping, in their order, and whether it takes in others (`<<`)."""

    entries: list[tuple[Any, Any]]

    @property
    def merges(self) -> bool:
        """Whether it takes in other mappings."""
        return any(key is UNKNOWN for key, _ in self.entries)

    @property
    def has_twins(self) -> bool:
        """Whether a key stands twice in it."""
        keys = [str(key) for key, _ in self.entries if isinstance(key, str | int)]
        return len(keys) != len(set(keys))


class Unread(Exception):
    """Not YAML, or more of it than two readings are compared of."""


def documents(text: bytes) -> list[Any]:
    """The documents of a text: lists, `Mapping`s, scalars; None for one that is empty or null.

    Raises:
        Unread: there is nothing to compare.
    """
    events = _Events()
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            events.add(event)
    except (yaml.YAMLError, KeyError, ValueError) as error:
        raise Unread("not YAML") from error
    together = _Together()
    return [together.put(document, ()) for document in events.documents]


class _Events:
    """Puts together what events tell: a list, or a pair of `Mapping` and the list of its keys and values."""

    def __init__(self) -> None:
        self.documents: list[Any] = []
        self._open: list[list[Any]] = []
        self._anchors: dict[str | None, Any] = {}
        self._values = 0

    def add(self, event: yaml.Event) -> None:
        self._values += 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._anchors = {}
            self._open = [self.documents]
        elif isinstance(event, yaml.CollectionStartEvent):
            self._start(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._open[-1].append(self._anchors[event.anchor])
        elif isinstance(event, yaml.ScalarEvent):
            self._put(event, _scalar(event))

    def _start(self, event: yaml.CollectionStartEvent) -> None:
        if event.tag is not None or len(self._open) > DEEP or self._values > MANY:
            raise Unread("tags, or too much")
        items: list[Any] = []
        self._put(event, (Mapping, items) if isinstance(event, yaml.MappingStartEvent) else items)
        self._open.append(items)

    def _put(self, event: yaml.NodeEvent, value: Any) -> None:
        self._open[-1].append(value)
        if event.anchor:
            self._anchors[event.anchor] = value


class _Together:
    """Puts aliases where they stand."""

    def __init__(self) -> None:
        self.values = 0

    def put(self, value: Any, within: tuple[int, ...]) -> Any:
        self.values += 1
        if id(value) in within or len(within) > DEEP or self.values > MANY:
            raise Unread("aliases that stand for too much, or for themselves")
        if isinstance(value, tuple):
            _, items = value
            parts = [self.put(item, (*within, id(items))) for item in items]
            return Mapping(list(zip(parts[::2], parts[1::2], strict=True)))
        if isinstance(value, list):
            return [self.put(item, (*within, id(value))) for item in value]
        return value


def _scalar(event: yaml.ScalarEvent) -> Any:
    if event.tag is not None:
        return UNKNOWN
    text = event.value
    if not event.implicit[0]:
        return text
    if text in ("", "~", "null"):
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return text if _WORD.fullmatch(text) and text.lower() not in _SPECIAL else UNKNOWN


def differences(value: Any, right: Any, at: str = "") -> Iterator[str]:
    """Where a value is not what it is on the right, as far as that is known."""
    if right is UNKNOWN:
        if isinstance(value, dict | list):
            yield f"{at}: a scalar"
    elif isinstance(right, Mapping):
        yield from _in_mapping(value, right, at)
    elif isinstance(right, list):
        if not isinstance(value, list) or len(value) != len(right):
            yield f"{at}: a list of {len(right)}"
        else:
            for index, (item, other) in enumerate(zip(value, right, strict=True)):
                yield from differences(item, other, f"{at}[{index}]")
    elif type(value) is not type(right) or value != right:
        yield f"{at}: {right!r}"


def _in_mapping(value: Any, right: Mapping, at: str) -> Iterator[str]:
    expected = {_key(key): entry for key, entry in right.entries}
    if not isinstance(value, dict):
        yield f"{at}: a mapping"
    elif not right.merges and expected.keys() != value.keys():
        yield f"{at}: keys {list(expected)[:5]}"
    elif not right.merges:
        for key, entry in expected.items():
            yield from differences(value[key], entry, f"{at}.{key}")


def _key(key: Any) -> str:
    return {True: "true", False: "false"}[key] if isinstance(key, bool) else str(key)


def has_twins(document: Any) -> bool:
    """Whether a key stands twice in a mapping of it."""
    if isinstance(document, Mapping):
        return document.has_twins or any(map(has_twins, (entry for _, entry in document.entries)))
    return isinstance(document, list) and any(map(has_twins, document))

"""What a list and a watch are made of, as objects of a store."""

import functools
from typing import Any, NamedTuple

import msgspec

from gatewright.cluster.api import Gone
from gatewright.cluster.held import Key
from gatewright.engine.world import Unavailable, item_of
from gatewright.model.kinds import STORED, is_namespaced
from gatewright.model.schema import Malformed, decode

APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
"""The annotation that repeats a whole object: no policy reads it of a stored one, and it is most of what one holds."""


class Change(NamedTuple):
    """An object as it is now: a view of it, None where it is gone, or why it cannot be read."""

    key: Key
    view: Any
    failure: str = ""


class Page(NamedTuple):
    """A part of a list: at which version it was read, and where it goes on, if it does."""

    changes: list[Change]
    version: str
    following: str


class Event(NamedTuple):
    """A line of a watch: from which version on it can be resumed, and what changed, None for a bookmark."""

    version: str
    change: Change | None


class _Meta(msgspec.Struct):
    name: str = ""
    namespace: str = ""
    version: str = msgspec.field(default="", name="resourceVersion")
    following: str = msgspec.field(default="", name="continue")


class _Head(msgspec.Struct):
    """An object, a list or a Status, as far as it tells what it is."""

    kind: str = ""
    metadata: _Meta = msgspec.field(default_factory=_Meta)
    code: int = 0
    items: tuple[msgspec.Raw, ...] = ()


class _Event(msgspec.Struct):
    type: str = ""
    object: msgspec.Raw = msgspec.Raw(b"{}")


def page_of(kind: type, data: bytes, path: str) -> Page:
    """A part of a list of a kind.

    Raises:
        Unavailable: it is another list.
        Malformed: it is none.
    """
    head = decode(_Head, data)
    if head.kind != f"{_name(kind)}List" or not head.metadata.version:
        raise Unavailable(f"GET {path}: the answer is another list")
    changes = [_change(kind, decode(_Head, item), item) for item in head.items]
    return Page(changes, head.metadata.version, head.metadata.following)


def event_of(kind: type, line: bytes, path: str) -> Event:
    """A line of a watch of a kind.

    Raises:
        Gone: the API server tells of an error, or it is no event of that kind: all has to be listed again.
        Malformed: it is none.
    """
    event = decode(_Event, line)
    head = decode(_Head, event.object)
    if event.type == "ERROR":
        raise Gone(f"GET {path}: the watch ended with {head.code}")
    if head.kind != _name(kind) or not head.metadata.version:
        raise Gone(f"GET {path}: an event of another kind")
    match event.type:
        case "BOOKMARK":
            return Event(head.metadata.version, None)
        case "DELETED":
            return Event(head.metadata.version, Change(_key(kind, head), None))
        case "ADDED" | "MODIFIED":
            return Event(head.metadata.version, _change(kind, head, event.object))
    raise Gone(f"GET {path}: an event of another type")


def _change(kind: type, head: _Head, data: msgspec.Raw) -> Change:
    key = _key(kind, head)
    try:
        return Change(key, _lean(item_of(kind, data)))
    except Malformed as error:
        namespace, name = key
        within = f"{namespace}/" if namespace is not None else ""
        return Change(key, None, f"{_name(kind)} {within}{name} cannot be read: {error}")


def _key(kind: type, head: _Head) -> Key:
    return head.metadata.namespace if is_namespaced(STORED[kind]) else None, head.metadata.name


def _name(kind: type) -> str:
    return STORED[kind].partition(".")[0]


def _lean(view: Any) -> Any:
    """The view without what repeats it, its labels made of the strings that others are made of."""
    metadata = view.metadata
    annotations = metadata.annotations
    if APPLIED in annotations:
        annotations = {key: value for key, value in annotations.items() if key != APPLIED}
    labels = {_shared(key): _shared(value) for key, value in metadata.labels.items()}
    lean = msgspec.structs.replace(metadata, annotations=annotations, labels=labels)
    return msgspec.structs.replace(view, metadata=lean)


@functools.lru_cache(4096)
def _shared(text: str) -> str:
    """The same string for equal ones: thousands of namespaces have few labels between them."""
    return text

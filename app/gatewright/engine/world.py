"""What is known of the cluster: a protocol, and the one in memory that cases, scan and review fill from objects."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import msgspec

from gatewright.engine.decision import Miss
from gatewright.model.cluster import Namespace
from gatewright.model.meta import Metadata
from gatewright.model.path import find
from gatewright.model.pod import Pod, PodTemplate, Raw
from gatewright.model.schema import Malformed, decode, plain
from gatewright.policy import Index, Store

X = TypeVar("X")

ARRIVED: ContextVar[float] = ContextVar("ARRIVED", default=math.inf)
"""When the request came that is being judged, on the monotonic clock. What a world has read of the cluster since then
is never too old for it."""


class Unavailable(Exception):
    """What was asked for is not known: not looked up, not reachable. Never the same as absent.

    `miss` is set where a look-up may still find it.
    """

    def __init__(self, reason: str, miss: Miss | None = None) -> None:
        super().__init__(reason)
        self.miss = miss


class World(Protocol):
    """What the engine may ask of the cluster."""

    def namespace(self, name: str) -> Namespace:
        """The namespace.

        Raises:
            Unavailable: its labels are not known.
        """

    def store(self, kind: type[X]) -> Store[X]:
        """The objects of a kind.

        Raises:
            Unavailable: they are not synced.
        """

    def first(self, kind: type[X], namespace: str) -> tuple[tuple[X, ...], int]:
        """Objects of a namespace, by name, and how many it has: more than those where not all of them are known.

        Raises:
            Unavailable: none are known.
        """


class Objects(Generic[X]):
    """A store in memory; immutable."""

    __slots__ = ("_by_name", "_indexes", "_within")

    def __init__(self, items: Iterable[tuple[str | None, str, X]]) -> None:
        self._by_name = {(namespace, name): item for namespace, name, item in sorted(items, key=lambda item: item[1])}
        self._within: dict[str | None, list[X]] = defaultdict(list)
        for (namespace, _), item in self._by_name.items():
            self._within[namespace].append(item)
        self._indexes: dict[Index[X], dict[str, list[X]]] = {}

    def get(self, namespace: str | None, name: str) -> X | None:
        """The object of that name."""
        return self._by_name.get((namespace, name))

    def within(self, namespace: str | None) -> tuple[X, ...]:
        """All objects of a namespace, by name."""
        return tuple(self._within.get(namespace, ()))

    def by(self, index: Index[X], key: str) -> tuple[X, ...]:
        """The objects that the index finds under the key."""
        if index not in self._indexes:
            keyed = self._indexes[index] = defaultdict(list)
            for item in self._by_name.values():
                for each in index.keys(item):
                    keyed[each].append(item)
        return tuple(self._indexes[index].get(key, ()))


class Noted(Generic[X]):
    """A store that notes the reads that found nothing."""

    __slots__ = ("_kind", "_misses", "_store")

    def __init__(self, store: Store[X], kind: type[X], misses: list[Miss]) -> None:
        self._store = store
        self._kind = kind
        self._misses = misses

    def get(self, namespace: str | None, name: str) -> X | None:
        """The object of that name."""
        item = self._store.get(namespace, name)
        if item is None:
            self._misses.append(Miss(self._kind, namespace, name))
        return item

    def within(self, namespace: str | None) -> tuple[X, ...]:
        """All objects of a namespace."""
        return self._store.within(namespace)

    def by(self, index: Index[X], key: str) -> tuple[X, ...]:
        """The objects that the index finds under the key."""
        return self._store.by(index, key)


def _pod(data: bytes | msgspec.Raw, namespace: str | None) -> Pod:
    return Pod(decode(PodTemplate, data), namespace, False, Raw(lambda: plain(data)))


class Stored(NamedTuple):
    """A kind that there is a store of, by its names, and how a view is made of an object's JSON and namespace."""

    kind: str
    resource: str
    is_namespaced: bool
    make: Callable[[bytes | msgspec.Raw, str | None], Any]


STORED: dict[type, Stored] = {
    Namespace: Stored("Namespace", "namespaces", False, lambda data, _: decode(Namespace, data)),
    Pod: Stored("Pod", "pods", True, _pod),
}
"""The models that there is a store of."""


class ClosedWorld:
    """A world made of objects alone: what is not among them does not exist, and a namespace without an object has
    no labels. A namespace whose object cannot be read is not known; other such objects are left out: they are judged,
    and reported, themselves."""

    def __init__(self, objects: Iterable[dict[str, Any]] = ()) -> None:
        found: dict[str, list[tuple[str | None, str, bytes]]] = defaultdict(list)
        for item in objects:
            name, namespace = find(item, ("metadata", "name")), find(item, ("metadata", "namespace"))
            kind, is_core = item.get("kind"), item.get("apiVersion") == "v1"
            if is_core and isinstance(name, str) and isinstance(kind, str) and isinstance(namespace, str | None):
                found[kind].append((namespace, name, msgspec.json.encode(item)))
        self._namespaces = {name for _, name, _ in found["Namespace"]}
        self._stores: dict[type, Objects[Any]] = {
            model: Objects(
                (namespace if stored.is_namespaced else None, name, view)
                for namespace, name, data in found[stored.kind]
                if (view := _readable(stored.make, data, namespace)) is not None
            )
            for model, stored in STORED.items()
        }

    def namespace(self, name: str) -> Namespace:
        """The namespace; one without labels where there is no object of it."""
        known = self._stores[Namespace].get(None, name)
        if known is None and name in self._namespaces:
            raise Unavailable("its manifest cannot be read")
        return known or Namespace(Metadata(name=name))

    def store(self, kind: type[X]) -> Store[X]:
        """The objects of a kind."""
        return self._stores[kind]

    def first(self, kind: type[X], namespace: str) -> tuple[tuple[X, ...], int]:
        """All objects of a namespace, and their number."""
        found = self.store(kind).within(namespace)
        return found, len(found)


def _readable(make: Callable[[bytes | msgspec.Raw, str | None], Any], data: bytes, namespace: str | None) -> Any:
    try:
        return make(data, namespace)
    except Malformed:
        return None

"""What is known of the cluster: a protocol, and the one in memory that cases, scan and review fill from objects."""

import functools
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import msgspec

from gatewright.engine.decision import Miss
from gatewright.model import baseline
from gatewright.model.cluster import Namespace, object_of
from gatewright.model.kinds import KINDS, STORED, is_namespaced, key_of
from gatewright.model.meta import Metadata
from gatewright.model.path import find
from gatewright.model.pod import Pod, PodTemplate, Raw
from gatewright.model.rbac import ClusterRole, ClusterRoleBinding, Role, RoleBinding
from gatewright.model.rbac_permissions import Permissions
from gatewright.model.schema import Malformed, decode, plain
from gatewright.model.version import NEWEST
from gatewright.policy import Index, Store

X = TypeVar("X")

NOTHING: Mapping[str, str] = MappingProxyType({})

RBAC: tuple[type[Any], ...] = (Role, ClusterRole, RoleBinding, ClusterRoleBinding)
"""The kinds that make up who may do what."""

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


class StoreState(NamedTuple):
    """What is told of a store that is kept up to date.

    Attributes:
        resource: the plural of its kind.
        objects: how many it holds.
        is_synced: whether they are believed.
        relists: how often all of them had to be read again.
        failures: how often they could not be read, or their changes not be watched.
    """

    resource: str
    objects: int
    is_synced: bool
    relists: int
    failures: int


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

    def permissions(self) -> Permissions:
        """All roles and bindings.

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

    def all(self) -> Iterable[X]:
        """All objects."""
        return self._by_name.values()

    def within(self, namespace: str | None) -> tuple[X, ...]:
        """All objects of a namespace, by name."""
        return tuple(self._within.get(namespace, ()))

    def by(self, index: Index[X], key: str) -> tuple[X, ...]:
        """The objects that the index finds under the key."""
        if index not in self._indexes:
            keyed = self._indexes[index] = defaultdict(list)
            for item in self._by_name.values():
                for each in set(index.keys(item)):
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


def item_of(model: type, data: bytes | msgspec.Raw) -> Any:
    """An object's JSON as a store keeps it: in the namespace that it says itself, since it was asked for there.

    Raises:
        Malformed: it cannot be read as that.
    """
    if model is Pod:
        template = decode(PodTemplate, data)
        return Pod(template, template.metadata.namespace or None, False, Raw(lambda: plain(data)))
    return decode(model, data) if is_namespaced(STORED[model]) else object_of(model, data, None)


class ClosedWorld:
    """A world made of objects alone: what is not among them does not exist, and a namespace without an object has
    no labels. A namespace whose object cannot be read is not known; other such objects are left out: they are judged,
    and reported, themselves. A kind whose objects could not be gathered is not known: that is never none.

    `unread` has the reasons of those, by `Kind.group`. The roles and bindings that every cluster has are always there,
    unless the objects are those of a cluster (`is_whole`).
    """

    def __init__(
        self, objects: Iterable[dict[str, Any]] = (), unread: Mapping[str, str] = NOTHING, *, is_whole: bool = False
    ) -> None:
        found: dict[str, list[tuple[str | None, str, bytes]]] = defaultdict(list)
        for item in objects:
            name, namespace = find(item, ("metadata", "name")), find(item, ("metadata", "namespace"))
            key = key_of(item.get("apiVersion"), item.get("kind"))
            if key in KINDS and isinstance(name, str) and isinstance(namespace, str | None):
                placed = namespace if is_namespaced(key) else None
                found[key].append((placed or None, name, msgspec.json.encode(item)))
        self._namespaces = {name for _, name, _ in found["Namespace"]}
        self._found = found
        self._unread = unread
        self._is_whole = is_whole
        self._stores: dict[type, Objects[Any]] = {}
        self._permissions: Permissions | None = None

    def namespace(self, name: str) -> Namespace:
        """The namespace; one without labels where there is no object of it."""
        known = self._objects(Namespace).get(None, name)
        if known is None and name in self._namespaces:
            raise Unavailable("its manifest cannot be read")
        if known is None and (reason := self._unread.get("Namespace")):
            raise Unavailable(reason)
        return known or Namespace(Metadata(name=name))

    def store(self, kind: type[X]) -> Store[X]:
        """The objects of a kind."""
        if reason := self._unread.get(STORED[kind]):
            raise Unavailable(reason)
        return self._objects(kind)

    def _objects(self, kind: type[X]) -> Objects[X]:
        if kind not in self._stores:
            items = ((namespace, name, _readable(kind, data)) for namespace, name, data in self._of(kind))
            always = () if self._is_whole or kind not in RBAC else _always()[kind]
            self._stores[kind] = Objects(item for item in (*always, *items) if item[-1] is not None)
        return self._stores[kind]

    def _of(self, kind: type) -> list[tuple[str | None, str, bytes]]:
        return self._found.get(STORED[kind], [])

    def permissions(self) -> Permissions:
        """All roles and bindings, those that every cluster has among them."""
        if self._permissions is None:
            for kind in RBAC:
                self.store(kind)  # Unavailable, where it is not known
            self._permissions = Permissions(item for kind in RBAC for item in self._objects(kind).all())
        return self._permissions

    def first(self, kind: type[X], namespace: str) -> tuple[tuple[X, ...], int]:
        """All objects of a namespace, and their number."""
        found = self.store(kind).within(namespace)
        return found, len(found)


@functools.cache
def _always() -> dict[type, list[tuple[str | None, str, Any]]]:
    """The objects that every cluster has, by kind; those of the same name come behind, and so in their stead."""
    kinds = {STORED[kind]: kind for kind in RBAC}
    found: dict[type, list[tuple[str | None, str, Any]]] = defaultdict(list)
    for item in baseline.objects(NEWEST):
        kind, metadata = kinds[key_of(item["apiVersion"], item["kind"])], item["metadata"]
        found[kind].append((metadata.get("namespace"), metadata["name"], _readable(kind, msgspec.json.encode(item))))
    return found


def _readable(kind: type, data: bytes) -> Any:
    try:
        return item_of(kind, data)
    except Malformed:
        return None

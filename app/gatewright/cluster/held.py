"""The objects of one kind as they change: what a reflector writes and policies read, both in one thread."""

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from gatewright.engine.world import Unavailable
from gatewright.policy import Index

X = TypeVar("X")

Key = tuple[str | None, str]
"""Namespace and name."""

Observe = Callable[[str | None, str, Any], object]
"""Takes namespace and name of an object, and what it is now, None where it is gone."""


class Held(Generic[X]):
    """A store in memory that can be changed; what was read of it stays as it was.

    An object that is there and cannot be read makes every answer that it could be part of Unavailable.
    """

    __slots__ = ("_indexes", "_items", "_observe", "_sorted", "_unreadable")

    def __init__(self, observe: Observe | None = None) -> None:
        """Takes who is told of each change."""
        self._observe = observe
        self._items: dict[str | None, dict[str, X]] = {}
        self._unreadable: dict[Key, str] = {}
        self._sorted: dict[str | None, tuple[X, ...]] = {}
        self._indexes: dict[Index[X], dict[str, dict[Key, X]]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._items.values())) + len(self._unreadable)

    def get(self, namespace: str | None, name: str) -> X | None:
        """The object of that name."""
        if reason := self._unreadable.get((namespace, name)):
            raise Unavailable(reason)
        return self._items.get(namespace, {}).get(name)

    def within(self, namespace: str | None) -> tuple[X, ...]:
        """All objects of a namespace, by name."""
        for (within, _), reason in self._unreadable.items():
            if within == namespace:
                raise Unavailable(reason)
        if namespace not in self._items:  # not remembered: any name may be asked for
            return ()
        if namespace not in self._sorted:
            items = self._items[namespace]
            self._sorted[namespace] = tuple(items[name] for name in sorted(items))
        return self._sorted[namespace]

    def by(self, index: Index[X], key: str) -> tuple[X, ...]:
        """The objects that the index finds under the key, by name."""
        self.check()
        if index not in self._indexes:
            keyed: dict[str, dict[Key, X]] = {}
            for namespace, items in self._items.items():
                for name, item in items.items():
                    _enter(keyed, index.keys(item), (namespace, name), item)
            self._indexes[index] = keyed
        found = self._indexes[index].get(key, {})
        return tuple(found[one] for one in sorted(found, key=_by_name))

    def check(self) -> None:
        """Unavailable where there is an object that cannot be read."""
        for reason in self._unreadable.values():
            raise Unavailable(reason)

    def put(self, namespace: str | None, name: str, item: X) -> None:
        """An object as it is now."""
        self.remove(namespace, name)
        self._items.setdefault(namespace, {})[name] = item
        self._sorted.pop(namespace, None)
        if self._observe:
            self._observe(namespace, name, item)
        for index, keyed in list(self._indexes.items()):
            try:
                _enter(keyed, index.keys(item), (namespace, name), item)
            except Exception:  # noqa: BLE001  # a policy's code: it raises again where the policy asks, who is told of it
                del self._indexes[index]

    def spoil(self, namespace: str | None, name: str, reason: str) -> None:
        """An object that is there, and cannot be read."""
        self.remove(namespace, name)
        self._unreadable[namespace, name] = reason

    def remove(self, namespace: str | None, name: str) -> None:
        """An object that is not there any more."""
        self._unreadable.pop((namespace, name), None)
        items = self._items.get(namespace, {})
        item = items.pop(name, None)
        if item is None:
            return
        if not items:
            del self._items[namespace]
        self._sorted.pop(namespace, None)
        if self._observe:
            self._observe(namespace, name, None)
        for index, keyed in list(self._indexes.items()):
            try:
                _leave(keyed, index.keys(item), (namespace, name))
            except Exception:  # noqa: BLE001  # a policy's code: see put
                del self._indexes[index]

    def keep(self, keys: set[Key]) -> None:
        """Removes all but these, which it holds."""
        if len(self) == len(keys):
            return
        held = [*self._unreadable, *((within, name) for within, items in self._items.items() for name in items)]
        for key in held:
            if key not in keys:
                self.remove(*key)


def _enter(keyed: dict[str, dict[Key, X]], keys: Iterable[str], at: Key, item: X) -> None:
    for key in keys:
        keyed.setdefault(key, {})[at] = item


def _leave(keyed: dict[str, dict[Key, X]], keys: Iterable[str], at: Key) -> None:
    for key in keys:
        found = keyed.get(key, {})
        found.pop(at, None)
        if not found:
            keyed.pop(key, None)


def _by_name(key: Key) -> tuple[str, str]:
    return key[1], key[0] or ""

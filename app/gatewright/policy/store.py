"""What a policy may read of the cluster. Taking a `Store[X]` in the signature is the declaration of the read."""

from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar

X = TypeVar("X")


class Index(Generic[X]):
    """A second way to look objects up: `by_host = Index(Ingress, hosts)`, declared beside the policy that uses it.

    `keys` gives the keys under which one object is found; it is pure.
    """

    __slots__ = ("keys", "kind")

    def __init__(self, kind: type[X], keys: Callable[[X], Iterable[str]]) -> None:
        self.kind = kind
        self.keys = keys


class Store(Protocol[X]):
    """The objects of one kind, as of now. A read that finds nothing is noted, so that the caller can look again."""

    def get(self, namespace: str | None, name: str) -> X | None:
        """The object of that name; `namespace` is None for cluster-scoped kinds."""

    def within(self, namespace: str | None) -> tuple[X, ...]:
        """All objects of a namespace, by name; all of a cluster-scoped kind for None."""

    def by(self, index: Index[X], key: str) -> tuple[X, ...]:
        """The objects that an index finds under a key, in any namespace."""

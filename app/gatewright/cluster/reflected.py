"""What is known of a live cluster: what policies read is reflected, and what is not there is looked up once more.

A store that is not synced is Unavailable: never an allow. Pods, which are too many to be reflected, are looked up when
they are asked for, and so are namespaces that are not reflected, or are just being changed.
"""

import functools
import time
from collections.abc import Callable, Collection, Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from gatewright.cluster.api import Api
from gatewright.cluster.kept import Kept
from gatewright.cluster.live import LiveWorld
from gatewright.cluster.reflector import Post, Reflector, Tell
from gatewright.engine.decision import Miss
from gatewright.engine.world import RBAC, StoreState, Unavailable
from gatewright.model.cluster import Namespace
from gatewright.model.kinds import KINDS, STORED
from gatewright.model.rbac_permissions import Permissions
from gatewright.policy import Index, Store

X = TypeVar("X")

DOUBTED = 90.0
"""Seconds for which a namespace that was about to change is looked up unless the watch shows it changed before: longer
than the API server takes for a request, all of its webhooks together."""

MOST_DOUBTED = 4096
"""Namespaces in doubt from which on those are let go of that are in doubt no more."""

EVERY = 0.02
"""Seconds between two looks whether stores are synced."""


class _Doubt(NamedTuple):
    """A namespace as it was before a change, and until when the change may still come."""

    item: Namespace
    until: float


class ReflectedWorld:
    """The cluster behind an API server."""

    def __init__(self, api: Api, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._clock = clock
        self._live = LiveWorld(api, clock)
        self._kept: dict[type, Kept[Any]] = {}
        self._reflectors: dict[type, Reflector] = {}
        self._start: Callable[[Kept[Any]], Reflector] | None = None
        self._doubts: dict[str, _Doubt] = {}
        self._permissions = Permissions()

    def want(self, kinds: Collection[type]) -> None:
        """From now on the stores of these kinds are kept up to date, and no others; of namespaces always, and of roles
        and bindings once they were wanted.

        May be called in any thread, but never in two at a time.
        """
        wanted = {Namespace, *kinds, *(self._kept.keys() & set(RBAC))} & REFLECTED
        kept = {kind: self._kept.get(kind) or self._keep(kind) for kind in wanted}
        self._kept = kept  # as a whole: who judges sees the one or the other
        for kind in self._reflectors.keys() - wanted:
            self._reflectors.pop(kind).stop()
        if self._start:
            for kind in wanted - self._reflectors.keys():
                self._reflectors[kind] = self._start(kept[kind])

    def _keep(self, kind: type[Any]) -> Kept[Any]:
        observe = functools.partial(self._permissions.replace, kind) if kind in RBAC else None
        return Kept(kind, self._clock, observe=observe)

    def start(self, post: Post, tell: Tell) -> None:
        """Begins to read.

        Args:
            post: has something done in the thread that judges.
            tell: takes what happens, for the log, in that thread.
        """

        def begin(kept: Kept[Any]) -> Reflector:
            reflector = Reflector(self._api, kept, post, tell, clock=self._clock)
            reflector.start()
            return reflector

        self._start = begin
        self.want(self._kept)

    def stop(self) -> None:
        """Ends it: nothing is posted any more but what is under way."""
        self._start = None
        for reflector in self._reflectors.values():
            reflector.stop()

    def states(self) -> list[StoreState]:
        """Of every store, by its resource."""
        return sorted(kept.state for kept in self._kept.values())

    def wait(self, seconds: float) -> None:
        """Waits until every store is synced, in a thread that judges nothing; for no longer than that."""
        until = time.monotonic() + seconds
        while self._start and time.monotonic() < until and not all(state.is_synced for state in self.states()):
            time.sleep(EVERY)

    def namespace(self, name: str) -> Namespace:
        """The namespace: as the watch has it, or as of the last second."""
        kept = self._kept.get(Namespace)
        if kept and not kept.unavailable:
            found: Namespace | None = kept.held.get(None, name)
            if found is not None and not self._is_doubted(name, found):
                return found
        return self._live.namespace(name)

    def _is_doubted(self, name: str, found: Namespace) -> bool:
        doubt = self._doubts.get(name)
        if doubt is None:
            return False
        if doubt.item is found and self._clock() < doubt.until:
            return True
        del self._doubts[name]
        return False

    def store(self, kind: type[X]) -> Store[X]:
        """The objects of a kind."""
        kept = self._kept.get(kind)
        if kept is None or (kind is Namespace and kept.unavailable):
            return self._live.store(kind)
        return ReflectedStore(kept, self._live)

    def permissions(self) -> Permissions:
        """All roles and bindings, as they change."""
        for kind in RBAC:
            if kind not in self._kept:
                raise Unavailable(f"{KINDS[STORED[kind]].resource} are not read")
            self._kept[kind].held.check()
        return self._permissions

    def first(self, kind: type[X], namespace: str) -> tuple[tuple[X, ...], int]:
        """The first objects of a namespace, and how many it has: looked up."""
        return self._live.first(kind, namespace)

    def forget(self, namespace: str) -> None:
        """A namespace is about to change: it is looked up until the watch shows the change."""
        self._live.forget(namespace)
        try:
            found = self._kept[Namespace].held.get(None, namespace)
        except (KeyError, Unavailable):  # it is looked up in any case
            return
        if found is None:
            return
        now = self._clock()
        if len(self._doubts) >= MOST_DOUBTED:
            self._doubts = {name: doubt for name, doubt in self._doubts.items() if now < doubt.until}
        self._doubts[namespace] = _Doubt(found, now + DOUBTED)

    def lacks(self, misses: Iterable[Miss]) -> bool:
        """Whether there is anything to look up."""
        return self._live.lacks(miss for miss in misses if self._is_served(miss.kind))

    async def look_up(self, misses: Iterable[Miss], seconds: float) -> bool:
        """Looks up what was missing, for no longer than the seconds given; whether there was anything to look up."""
        self._live.roots = {kind: kept.root for kind, kept in self._kept.items() if kept.root}
        return await self._live.look_up((miss for miss in misses if self._is_served(miss.kind)), seconds)

    def _is_served(self, kind: type) -> bool:
        kept = self._kept.get(kind)
        return kept is None or kept.is_served


REFLECTED = STORED.keys() - {kind for kind, key in STORED.items() if key == "Pod"}
"""The models whose stores are kept: of Pods there are too many, and they change too often."""


class ReflectedStore(Generic[X]):
    """The objects of a kind as a watch has them. One that is not among them is there if a look-up has found it."""

    __slots__ = ("_kept", "_live")

    def __init__(self, kept: Kept[X], live: LiveWorld) -> None:
        self._kept = kept
        self._live = live

    def get(self, namespace: str | None, name: str) -> X | None:
        """The object of that name."""
        kind = self._kept.kind
        if not name:
            raise Unavailable(f"a {STORED[kind].partition('.')[0]} is asked for without a name")
        item = self._kept.held.get(namespace, name)
        if item is None and self._kept.is_served:
            item = self._live.found(Miss(kind, namespace, name))
        return item

    def within(self, namespace: str | None) -> tuple[X, ...]:
        """The objects of a namespace, by name."""
        return self._kept.held.within(namespace)

    def by(self, index: Index[X], key: str) -> tuple[X, ...]:
        """The objects that the index finds under the key, in any namespace."""
        return self._kept.held.by(index, key)

"""The store of one kind as its reflector keeps it: what it holds, and whether that can be believed."""

import datetime
import time
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from gatewright.cluster.changes import Change
from gatewright.cluster.discovery import Served
from gatewright.cluster.held import Held, Key, Observe
from gatewright.engine.world import StoreState, Unavailable
from gatewright.model.kinds import KINDS, STORED

X = TypeVar("X")

STALE = 60.0
"""Seconds without a watch from which on what is held is not believed any more."""


def utc_now() -> datetime.datetime:
    """The time of day, for people."""
    return datetime.datetime.now(datetime.UTC)


class Kept(Generic[X]):
    """Objects, and what their reflector tells of them. Not safe for threads: all of it happens in one.

    Attributes:
        kind: the model.
        resource: the kind's plural.
        is_served: False where the API server says that it has no such kind; then the store is empty, and synced.
        root: where the kind is served, if not where it is known to be: `/apis/GROUP/VERSION`.
    """

    def __init__(
        self,
        kind: type[X],
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime.datetime] = utc_now,
        observe: Observe | None = None,
    ) -> None:
        self.kind = kind
        self.resource = KINDS[STORED[kind]].resource
        self.is_served = True
        self.root = ""
        self._held = Held[X](observe)
        self._clock = clock
        self._now = now
        self._is_listed = False
        self._is_forbidden = False
        self._down: tuple[float, datetime.datetime] | None = None
        self._failure = ""
        self._relists = self._failures = 0

    @property
    def unavailable(self) -> str:
        """Why what is held is not what the cluster has, as far as anybody knows; empty where it is."""
        told = f": {self._failure}" if self._failure else ""
        if self._is_forbidden:
            return self._failure
        if not self._is_listed:
            return f"{self.resource} have not been synced yet{told}"
        if self._down and self._clock() - self._down[0] > STALE:
            return f"{self.resource} have not been synced since {self._down[1]:%H:%M:%S} UTC{told}"
        return ""

    @property
    def held(self) -> Held[X]:
        """The objects.

        Raises:
            Unavailable: they are not synced.
        """
        if reason := self.unavailable:
            raise Unavailable(reason)
        return self._held

    @property
    def state(self) -> StoreState:
        """What is told of it in the metrics."""
        return StoreState(self.resource, len(self._held), not self.unavailable, self._relists, self._failures)

    def change(self, changes: Iterable[Change]) -> None:
        """Objects are there, have changed or have gone."""
        for (namespace, name), view, failure in changes:
            if failure:
                self._held.spoil(namespace, name, failure)
            elif view is None:
                self._held.remove(namespace, name)
            else:
                self._held.put(namespace, name, view)

    def listed(self, keys: set[Key], *, is_served: bool = True) -> None:
        """These are all objects that there are: the others have gone."""
        self._held.keep(keys)
        self._relists += self._is_listed
        self._is_listed, self._is_forbidden, self.is_served = True, False, is_served
        if not is_served:
            self.watching()

    def moved(self, served: Served) -> None:
        """The kind is served at another version."""
        self.root = served.root

    def watching(self) -> None:
        """What changes from now on will be told."""
        self._down, self._is_forbidden, self._failure = None, False, ""

    def stopped(self) -> None:
        """What changes is not told any more, until it is again."""
        if self._down is None:
            self._down = (self._clock(), self._now())

    def failed(self, reason: str, *, is_forbidden: bool) -> None:
        """The objects could not be listed, or their changes not be watched."""
        self.stopped()
        self._failures += 1
        self._failure, self._is_forbidden = reason, is_forbidden

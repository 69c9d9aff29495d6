"""What is known of a live cluster: looked up when it is asked for, and believed for no longer than a second.

The engine asks, and does not wait: what is not known yet is Unavailable and a miss. The edge looks the misses up, once,
within the deadline of the request, and has it judged again. A look-up that fails stays Unavailable: never an allow.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from gatewright.cluster.api import TIMEOUT, Api
from gatewright.engine.decision import Miss
from gatewright.engine.pod_security import MOST_PODS
from gatewright.engine.world import STORED, Objects, Unavailable
from gatewright.model.cluster import Namespace
from gatewright.model.schema import Malformed
from gatewright.policy import Index, Store

X = TypeVar("X")

FRESH = 1.0
"""Seconds for which what was found is believed."""

FAILED_FRESH = 0.2
"""Seconds for which a failure is: long enough for the request that met it, too short to fail many."""

MOST = 4096
"""Look-ups that are remembered."""


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a look-up: an object, a store of a list, None for what does not exist, or why there is none."""

    at: float
    value: Any = None
    failure: str = ""

    def is_fresh(self, now: float) -> bool:
        """Whether it is still believed."""
        return now - self.at < (FAILED_FRESH if self.failure else FRESH)


class LiveWorld:
    """The cluster behind an API server."""

    def __init__(self, api: Api, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._clock = clock
        self._found: dict[Miss, Found] = {}
        self._looking: dict[Miss, asyncio.Task[None]] = {}

    def namespace(self, name: str) -> Namespace:
        """The namespace, as of the last second."""
        namespace = self.known(Miss(Namespace, None, name))
        if not isinstance(namespace, Namespace):
            raise Unavailable("it does not exist")
        return namespace

    def store(self, kind: type[X]) -> Store[X]:
        """The objects of a kind."""
        return LiveStore(self, kind)

    def known(self, miss: Miss) -> Any:
        """What a look-up found.

        Raises:
            Unavailable: it failed, or has not been made; then with the miss.
        """
        found = self._found.get(miss)
        if found is None or not found.is_fresh(self._clock()):
            raise Unavailable("it has not been looked up", miss)
        if found.failure:
            raise Unavailable(found.failure)
        return found.value

    async def look_up(self, misses: Iterable[Miss], seconds: float) -> None:
        """Looks up what was missing, each thing once however many ask, for no longer than the seconds given."""
        tasks = [self._looking.get(miss) or self._begin(miss, seconds) for miss in set(misses)]
        await asyncio.wait(tasks, timeout=max(seconds, 0.0))

    def _begin(self, miss: Miss, seconds: float) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(self._look_up(miss, min(seconds, TIMEOUT)))
        self._looking[miss] = task
        task.add_done_callback(lambda _: self._looking.pop(miss, None))
        return task

    async def _look_up(self, miss: Miss, seconds: float) -> None:
        try:
            value = await asyncio.to_thread(self._read, miss, seconds)
            found = Found(self._clock(), value)
        except (Unavailable, Malformed) as error:
            found = Found(self._clock(), failure=str(error))
        if len(self._found) >= MOST:
            now = self._clock()
            self._found = {known: one for known, one in self._found.items() if one.is_fresh(now)}
        self._found[miss] = found

    def _read(self, miss: Miss, seconds: float) -> Any:
        stored = STORED[miss.kind]
        within = f"/namespaces/{miss.namespace}" if miss.namespace else ""
        path = f"/api/v1{within}/{stored.resource}"
        if miss.name:
            item = self._api.get(f"{path}/{miss.name}", timeout=seconds)
            return stored.make(msgspec.json.encode(item), miss.namespace)
        listed = self._api.get(path, timeout=seconds, limit=MOST_PODS)
        metadata = [item["metadata"] for item in listed["items"]]
        views = [
            stored.make(msgspec.json.encode(item), of.get("namespace"))
            for item, of in zip(listed["items"], metadata, strict=True)
        ]
        return Objects((of.get("namespace"), of["name"], view) for of, view in zip(metadata, views, strict=True))


class LiveStore(Generic[X]):
    """The objects of a kind, each read and each list a look-up of its own."""

    __slots__ = ("_kind", "_world")

    def __init__(self, world: LiveWorld, kind: type[X]) -> None:
        self._world = world
        self._kind = kind

    def get(self, namespace: str | None, name: str) -> X | None:
        """The object of that name."""
        item: X | None = self._world.known(Miss(self._kind, namespace, name))
        return item

    def within(self, namespace: str | None) -> tuple[X, ...]:
        """The objects of a namespace, by name; 3,000 at most."""
        objects: Objects[X] = self._world.known(Miss(self._kind, namespace, ""))
        return objects.within(namespace)

    def by(self, index: Index[X], key: str) -> tuple[X, ...]:
        """The objects that the index finds under the key, among 3,000 at most."""
        objects: Objects[X] = self._world.known(Miss(self._kind, None, ""))
        return objects.by(index, key)

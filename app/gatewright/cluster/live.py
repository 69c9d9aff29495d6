"""What is known of a live cluster: looked up when it is asked for, and believed for no longer than a second.

The engine asks, and does not wait: what is not known yet is Unavailable and a miss. The edge looks the misses up,
within the deadline of the request, and has it judged again. A look-up that fails stays Unavailable: never an allow.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from gatewright.cluster.api import TIMEOUT, Api
from gatewright.cluster.reading import Listed, read
from gatewright.engine.decision import Miss
from gatewright.engine.world import ARRIVED, Unavailable
from gatewright.model.cluster import Namespace
from gatewright.model.kinds import KINDS, STORED
from gatewright.model.rbac_permissions import Permissions
from gatewright.model.schema import Malformed
from gatewright.policy import Index, Store

X = TypeVar("X")

FRESH = 1.0
"""Seconds for which what was found is believed, from before it was read."""

FAILED_FRESH = 0.2
"""Seconds for which a failure is: long enough for those that met it, too short to fail many."""

KEPT = 1.0
"""Seconds for which an outcome stays where those who waited for it find it."""

MOST = 4096
"""Look-ups that are remembered."""

LISTS = 2
"""Lists that are read at once: threads are left for what is short."""

MOST_HELD = 64 << 20
"""Bytes of lists that are remembered; the oldest are dropped for a new one."""


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a look-up: an object, a list, None for what does not exist, or why there is none.

    Attributes:
        began: before it was read.
        until: when it is no longer believed by those who ask only then.
    """

    began: float
    until: float
    value: Any = None
    failure: str = ""


class LiveWorld:
    """The cluster behind an API server."""

    def __init__(self, api: Api, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._clock = clock
        self._found: dict[Miss, Found] = {}
        self._looking: dict[Miss, asyncio.Task[None]] = {}
        self._lists = asyncio.Semaphore(LISTS)
        self.roots: dict[type, str] = {}
        """Where kinds are served that are not where they are known to be: `/apis/GROUP/VERSION`."""

    def namespace(self, name: str) -> Namespace:
        """The namespace, as of the last second."""
        namespace = self.known(Miss(Namespace, None, name))
        if not isinstance(namespace, Namespace):
            raise Unavailable("it does not exist")
        return namespace

    def store(self, kind: type[X]) -> Store[X]:
        """The objects of a kind."""
        return LiveStore(self, kind)

    def first(self, kind: type[X], namespace: str) -> tuple[tuple[X, ...], int]:
        """The first objects of a namespace, and how many it has."""
        listed: Listed[X] = self.known(Miss(kind, namespace, ""))
        return listed.objects.within(namespace), listed.number + listed.left

    def permissions(self) -> Permissions:
        """Unavailable: what all roles and bindings come to is too much to be looked up."""
        raise Unavailable("roles and bindings are not looked up")

    def known(self, miss: Miss) -> Any:
        """What a look-up found.

        Raises:
            Unavailable: it failed, or has not been made; then with the miss.
        """
        if self._believed(miss) is None:
            raise Unavailable("it has not been looked up", miss)
        return self.found(miss)

    def found(self, miss: Miss) -> Any:
        """What a look-up found; None where it found nothing, or has not been made.

        Raises:
            Unavailable: it failed.
        """
        found = self._believed(miss)
        if found and found.failure:
            raise Unavailable(found.failure)
        return found and found.value

    def _believed(self, miss: Miss) -> Found | None:
        """What is fresh, or was read since the request came that is being judged, however long that took."""
        found = self._found.get(miss)
        return found if found and (self._clock() < found.until or found.began >= ARRIVED.get()) else None

    def forget(self, namespace: str) -> None:
        """A namespace is about to change: what is known of it will not be so, and what is being read may not be."""
        miss = Miss(Namespace, None, namespace)
        self._found.pop(miss, None)
        self._looking.pop(miss, None)

    def lacks(self, misses: Iterable[Miss]) -> bool:
        """Whether there is anything to look up."""
        return any(self._believed(miss) is None for miss in misses)

    async def look_up(self, misses: Iterable[Miss], seconds: float) -> bool:
        """Looks up what was missing, each thing once however many ask, for no longer than the seconds given.

        Returns:
            Whether there was anything to look up.
        """
        missing = {miss for miss in misses if self._believed(miss) is None}
        if missing:
            tasks = [self._looking.get(miss) or self._begin(miss) for miss in missing]
            await asyncio.wait(tasks, timeout=max(seconds, 0.0))
        return bool(missing)

    def _begin(self, miss: Miss) -> asyncio.Task[None]:
        task = self._looking[miss] = asyncio.get_running_loop().create_task(self._look_up(miss))
        return task

    async def _look_up(self, miss: Miss) -> None:
        found = await self._outcome(miss)
        if self._looking.get(miss) is not asyncio.current_task():
            return  # it was forgotten meanwhile
        del self._looking[miss]
        self._found.pop(miss, None)
        self._found[miss] = found  # at the end: the first one is the oldest
        self._make_room()
        asyncio.get_running_loop().call_later(KEPT, self._drop, miss, found.began)

    @contextlib.asynccontextmanager
    async def _turn(self, miss: Miss) -> AsyncIterator[None]:
        """A list waits until it is one of a few."""
        if miss.name:
            yield
            return
        try:
            await asyncio.wait_for(self._lists.acquire(), TIMEOUT)
        except TimeoutError:
            raise Unavailable("too many lists are being read") from None
        try:
            yield
        finally:
            self._lists.release()

    async def _outcome(self, miss: Miss) -> Found:
        began = self._clock()
        try:
            async with self._turn(miss):
                began = self._clock()
                value = await asyncio.to_thread(read, self._api, miss, self.roots.get(miss.kind, ""))
            return Found(began, began if value is None else began + FRESH, value)
        except (Unavailable, Malformed) as error:
            reason = str(error)
        except Exception as error:  # noqa: BLE001  # whatever keeps it from being read is told, and is no allow
            reason = f"it cannot be read: {type(error).__name__}"
        return Found(began, self._clock() + FAILED_FRESH, failure=reason)

    def _make_room(self) -> None:
        if len(self._found) > MOST:
            del self._found[next(iter(self._found))]
        lists = [miss for miss, found in self._found.items() if isinstance(found.value, Listed)]
        held = sum(self._found[miss].value.size for miss in lists)
        for miss in lists[:-1]:
            if held > MOST_HELD:
                held -= self._found.pop(miss).value.size

    def _drop(self, miss: Miss, began: float) -> None:
        """Those who waited for it have had it, and for others it is too old."""
        if miss in self._found and self._found[miss].began == began:
            del self._found[miss]


class LiveStore(Generic[X]):
    """The objects of a kind, each read and each list a look-up of its own."""

    __slots__ = ("_kind", "_world")

    def __init__(self, world: LiveWorld, kind: type[X]) -> None:
        self._world = world
        self._kind = kind

    def get(self, namespace: str | None, name: str) -> X | None:
        """The object of that name."""
        if not name:
            raise Unavailable(f"a {STORED[self._kind].partition('.')[0]} is asked for without a name")
        item: X | None = self._world.known(Miss(self._kind, namespace, name))
        return item

    def within(self, namespace: str | None) -> tuple[X, ...]:
        """The objects of a namespace, by name."""
        return self._whole(namespace).objects.within(namespace)

    def by(self, index: Index[X], key: str) -> tuple[X, ...]:
        """The objects that the index finds under the key, in any namespace."""
        return self._whole(None).objects.by(index, key)

    def _whole(self, namespace: str | None) -> Listed[X]:
        listed: Listed[X] = self._world.known(Miss(self._kind, namespace, ""))
        if listed.left:
            counted = (
                f"the first {listed.number:,} of {listed.number + listed.left:,} {KINDS[STORED[self._kind]].resource}"
            )
            raise Unavailable(f"only {counted} were read")
        return listed

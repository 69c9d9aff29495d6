"""What is reflected of the cluster, from the first list on: until it is there, nobody should be sent here."""

import asyncio
import gc
import time
from collections.abc import Callable, Iterable
from typing import Protocol

from gatewright.engine.world import StoreState
from gatewright.webhook.log import Log

PATIENCE = 30.0
"""Seconds after which the webhook is ready with what there is: what reads the rest cannot be decided."""

EVERY = 0.02
"""Seconds between two looks."""


class Stores(Protocol):
    """Stores that are kept up to date by threads of their own."""

    def start(self, post: Callable[[Callable[[], object]], object], tell: Callable[..., object]) -> None:
        """Begins to read. `post` has something done in the thread that judges, and `tell` takes lines of the log."""

    def stop(self) -> None:
        """Ends it."""

    def states(self) -> Iterable[StoreState]:
        """Of every store."""


class Gathering:
    """Has the stores filled. `pending` is why the webhook is not ready yet, None as soon as it is."""

    def __init__(self, stores: Stores | None, log: Log) -> None:
        self._stores = stores
        self._log = log
        self._is_over = stores is None

    @property
    def pending(self) -> str | None:
        """Which stores are missing."""
        return None if self._is_over else f"syncing {self._missing() or 'the cluster'}"

    async def forever(self) -> None:
        """Starts, and tells what is not there in time."""
        if self._stores is None:
            return
        self._stores.start(_poster(asyncio.get_running_loop()), self._log.event)
        try:
            until = time.monotonic() + PATIENCE
            while missing := self._missing():
                if time.monotonic() > until:
                    self._log.event("error", "ready without all that policies read", missing=missing)
                    break
                await asyncio.sleep(EVERY)
            gc.collect()
            gc.freeze()  # 20,000 objects that stay: no collection during a review looks at them
            self._is_over = True
            await asyncio.Event().wait()
        finally:
            self._stores.stop()

    def _missing(self) -> str:
        states = self._stores.states() if self._stores else ()
        return ", ".join(state.resource for state in states if not state.is_synced)


def _poster(loop: asyncio.AbstractEventLoop) -> Callable[[Callable[[], object]], None]:
    def post(call: Callable[[], object]) -> None:
        if not loop.is_closed():  # at the end a thread may be at work still, for nobody
            loop.call_soon_threadsafe(call)

    return post

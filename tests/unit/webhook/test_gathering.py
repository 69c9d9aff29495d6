"""The wait for what is reflected: when it is over, what is told of it, and that it ends with the service."""

import asyncio
import gc
import io
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from gatewright.engine.world import StoreState
from gatewright.webhook import gathering
from gatewright.webhook.gathering import Gathering
from gatewright.webhook.log import Log


class Stores:
    """Two stores of which a test says when they are synced, and which a thread of theirs tells of."""

    def __init__(self) -> None:
        self.is_synced = False
        self.post: Callable[[Callable[[], object]], object] | None = None
        self.tell: Callable[..., object] | None = None
        self.is_stopped = False

    def start(self, post: Callable[[Callable[[], object]], object], tell: Callable[..., object]) -> None:
        self.post, self.tell = post, tell

    def stop(self) -> None:
        self.is_stopped = True

    def states(self) -> list[StoreState]:
        return [StoreState("namespaces", 1, True, 0, 0), StoreState("services", 0, self.is_synced, 0, 0)]


def logged(stream: io.BytesIO) -> list[dict[str, Any]]:
    lines = map(json.loads, stream.getvalue().splitlines())
    return [{key: value for key, value in line.items() if key != "ts"} for line in lines]


async def gathered(stores: Stores, then: Callable[[Gathering], Any]) -> None:
    """Has them gathered until something has happened."""
    stream = io.BytesIO()
    made = Gathering(stores, Log(stream))
    assert made.pending == "syncing services"
    task = asyncio.create_task(made.forever())
    await then(made)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert stores.is_stopped


async def ready(made: Gathering) -> None:
    async with asyncio.timeout(5):
        while made.pending:
            await asyncio.sleep(0.001)


def test_it_is_over_when_every_store_is_synced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "EVERY", 0.001)
    stores, frozen = Stores(), gc.get_freeze_count()

    async def then(made: Gathering) -> None:
        await asyncio.sleep(0.01)
        assert made.pending == "syncing services"
        stores.is_synced = True
        await ready(made)
        stores.is_synced = False  # what happens later is no reason to send nobody here
        assert made.pending is None

    try:
        asyncio.run(gathered(stores, then))
        assert gc.get_freeze_count() > frozen
    finally:
        gc.unfreeze()


def test_and_after_half_a_minute_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    assert gathering.PATIENCE == 30.0
    monkeypatch.setattr(gathering, "EVERY", 0.001)
    monkeypatch.setattr(gathering, "PATIENCE", 0.01)
    stream, stores = io.BytesIO(), Stores()

    async def run() -> None:
        made = Gathering(stores, Log(stream))
        task = asyncio.create_task(made.forever())
        await ready(made)
        task.cancel()
        await asyncio.wait([task])

    try:
        asyncio.run(run())
    finally:
        gc.unfreeze()
    line = {"level": "error", "msg": "ready without all that policies read", "missing": "services"}
    assert logged(stream) == [line]


def test_where_nothing_is_reflected_there_is_nothing_to_wait_for() -> None:
    made = Gathering(None, Log(io.BytesIO()))
    assert made.pending is None
    asyncio.run(made.forever())


def test_threads_reach_the_event_loop_and_nothing_when_it_is_closed() -> None:
    stores, done = Stores(), list[str]()

    async def then(made: Gathering) -> None:
        del made
        await asyncio.sleep(0)
        assert stores.post
        called = asyncio.Event()

        def call() -> None:
            done.append(threading.current_thread().name)
            called.set()

        await asyncio.to_thread(stores.post, call)
        await called.wait()

    asyncio.run(gathered(stores, then))
    assert done == [threading.current_thread().name]
    assert stores.post
    stores.post(lambda: done.append("late"))
    assert len(done) == 1

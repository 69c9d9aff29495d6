import asyncio
import tracemalloc
from collections.abc import Awaitable, Callable

import pytest

from gatewright.webhook.body import LARGE, LARGE_AT_ONCE, LARGEST, Bodies, Disconnected, Unread
from gatewright.webhook.uid import START
from tests.unit.webhook.asgi import Message, arriving, gone

CHUNK = b"x" * (64 * 1024)


async def read(receive: Callable[[], Awaitable[Message]], seconds: float = 5) -> bytes:
    """A body, read alone."""
    return await Bodies().read(receive, seconds)


@pytest.mark.parametrize("chunks", [[b"abc"], [b"a", b"", b"bc"], [b"", b"abc"]])
@pytest.mark.parametrize("pause", [0, 0.001])
def test_a_body_is_what_arrived(chunks: list[bytes], pause: float) -> None:
    assert asyncio.run(read(arriving(chunks, pause=pause))) == b"abc"


@pytest.mark.parametrize("pause", [0, 0.0001])
def test_the_largest_body_is_read_whole(pause: float) -> None:
    chunks = LARGEST // len(CHUNK)
    assert asyncio.run(read(arriving([CHUNK] * chunks, pause=pause))) == CHUNK * chunks


@pytest.mark.parametrize("pause", [0, 0.0001])
def test_of_a_larger_one_the_start_is_kept_and_all_of_it_is_taken(pause: float) -> None:
    first = b"y" * 1000
    chunks = [first, *[CHUNK] * (LARGEST // len(CHUNK))]
    receive = arriving(chunks, pause=pause)
    with pytest.raises(Unread) as error:
        asyncio.run(read(receive))
    assert error.value.reason == "the review is larger than 32 MiB"
    assert error.value.start == (first + CHUNK)[:START]
    with pytest.raises(TimeoutError):  # nothing is left
        asyncio.run(asyncio.wait_for(receive(), 0.01))


def test_what_is_too_large_takes_no_memory() -> None:
    tracemalloc.start()
    try:
        with pytest.raises(Unread):
            asyncio.run(read(arriving([bytes(LARGEST), *[bytes(1024) for _ in range(1024)]])))
        assert tracemalloc.get_traced_memory()[0] < LARGEST
    finally:
        tracemalloc.stop()


def test_a_body_that_does_not_arrive_in_time_is_not_waited_for() -> None:
    with pytest.raises(Unread) as error:
        asyncio.run(read(arriving([b"ab", b"c"], whole=False), 0.05))
    assert (error.value.reason, error.value.start) == ("the review had not arrived after 0.05 s", b"abc")


def test_nor_is_one_of_which_nothing_arrives() -> None:
    with pytest.raises(Unread) as error:
        asyncio.run(read(arriving([]), 0.05))
    assert (error.value.reason, error.value.start) == ("the review had not arrived after 0.05 s", b"")


def test_a_client_that_has_gone_is_told_apart() -> None:
    with pytest.raises(Disconnected):
        asyncio.run(read(gone))


def test_a_cancelled_read_is_cancelled() -> None:
    async def cancel() -> None:
        task = asyncio.create_task(read(arriving([])))
        await asyncio.sleep(0.01)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancel())


def test_large_bodies_take_turns_and_small_ones_do_not_wait() -> None:
    async def crowd() -> None:
        bodies = Bodies()
        ends = [asyncio.Event() for _ in range(LARGE_AT_ONCE + 1)]
        begun: list[int] = []

        def large(number: int) -> Callable[[], Awaitable[Message]]:
            parts = iter([bytes(LARGE + 1), b"", b""])

            async def receive() -> Message:
                body = next(parts)
                if not body:  # asked for more: it has its turn
                    begun.append(number)
                    await ends[number].wait()
                return {"type": "http.request", "body": body, "more_body": bool(body)}

            return receive

        tasks = [asyncio.create_task(bodies.read(large(number), 5)) for number in range(len(ends))]
        await asyncio.sleep(0.01)
        assert begun == [0, 1, 2, 3]
        assert await bodies.read(arriving([b"small"]), 5) == b"small"
        ends[2].set()
        await asyncio.sleep(0.01)
        assert begun == [0, 1, 2, 3, 4]
        for end in ends:
            end.set()
        assert [len(body) for body in await asyncio.gather(*tasks)] == [LARGE + 1] * len(ends)

    asyncio.run(crowd())


def test_the_wait_for_a_turn_has_an_end_too() -> None:
    async def crowd() -> str:
        bodies = Bodies()
        stuck = [
            asyncio.create_task(bodies.read(arriving([bytes(LARGE + 1)], whole=False), 0.2))
            for _ in range(LARGE_AT_ONCE)
        ]
        await asyncio.sleep(0.01)
        with pytest.raises(Unread) as error:
            await bodies.read(arriving([bytes(LARGE + 1), b"rest"]), 0.05)
        await asyncio.gather(*stuck, return_exceptions=True)
        return error.value.reason

    assert asyncio.run(crowd()) == "the review had not arrived after 0.05 s"


def test_a_read_that_is_cancelled_as_its_turn_comes_gives_the_turn_back() -> None:
    async def main() -> None:
        bodies, begun = Bodies(), asyncio.Event()

        def large() -> Callable[[], Awaitable[Message]]:
            chunks = iter([b"x" * (LARGE + 1)])

            async def receive() -> Message:
                if chunk := next(chunks, b""):
                    return {"type": "http.request", "body": chunk, "more_body": True}
                await begun.wait()
                return {"type": "http.request", "body": b"", "more_body": False}

            return receive

        holders = [asyncio.create_task(bodies.read(large(), 5)) for _ in range(LARGE_AT_ONCE)]
        await asyncio.sleep(0.01)
        waiting = asyncio.create_task(bodies.read(arriving([b"x" * (LARGE + 1), b"y"]), 5))
        await asyncio.sleep(0.01)
        begun.set()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await asyncio.gather(*holders)
        whole = [bodies.read(arriving([b"x" * (LARGE + 1), b"y"]), 5) for _ in range(LARGE_AT_ONCE)]
        assert [len(body) for body in await asyncio.wait_for(asyncio.gather(*whole), 5)] == [LARGE + 2] * LARGE_AT_ONCE

    asyncio.run(main())

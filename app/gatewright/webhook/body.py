"""The body of a request: whole, or the reason why not. Never more memory than a few large ones need."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, MutableMapping
from typing import Any

from gatewright.webhook.uid import START

LARGEST = 32 * 2**20
"""Bytes. An object of 3 MB can arrive as 17 MB: JSON escapes `<` to six, and an UPDATE brings the old object too."""

LARGE = 2**20
"""Bytes, from which on a body waits for its turn."""

LARGE_AT_ONCE = 4
"""Large bodies that are read at the same time."""

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class Disconnected(Exception):
    """Nobody waits for an answer any more."""


class Unread(Exception):
    """A body that there is no whole of: its `start`, and why."""

    def __init__(self, start: bytes, reason: str) -> None:
        super().__init__(reason)
        self.start = start
        self.reason = reason


class Bodies:
    """Reads bodies, a few large ones at a time."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(LARGE_AT_ONCE)

    async def read(self, receive: Receive, seconds: float) -> bytes:
        """The body.

        One that is too large is read to its end all the same: Go's client takes no answer while it still writes.

        Raises:
            Unread: it is too large, or has not arrived within the seconds given.
            Disconnected: the client has gone.
        """
        body = _Body(receive)
        filling = body.fill(self._turns).__await__()
        try:
            waited_for = next(filling)
        except StopIteration:
            pass  # it was there already, as small ones are: a timer would cost as much as decoding it
        else:
            try:
                async with asyncio.timeout(seconds):
                    await _Begun(waited_for, filling)
            except TimeoutError:
                raise Unread(body.start(), f"the review had not arrived after {seconds:.3g} s") from None
        if body.size > LARGEST:
            raise Unread(body.start(), f"the review is larger than {LARGEST // 2**20} MiB")
        return body.whole()


class _Begun:
    """The rest of an awaitable that was begun by hand: it waits for something, then goes on."""

    def __init__(self, waited_for: Any, rest: Generator[Any, None, None]) -> None:
        self._waited_for = waited_for
        self._rest = rest

    def __await__(self) -> Generator[Any, None, None]:
        try:
            yield self._waited_for
        except BaseException as error:
            self._rest.throw(error)  # what it holds while it waits, it lets go of
            raise
        yield from self._rest


class _Body:
    """What has arrived so far; only the first 64 KiB of what is too large.

    Parts, joined at the end: a buffer that grows is moved again and again, which costs as much as reading a body twice.
    """

    __slots__ = ("_parts", "_receive", "size")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._parts: list[bytes] = []
        self.size = 0

    async def fill(self, turns: asyncio.Semaphore) -> None:
        """Takes all that arrives; once it is large, in its turn."""
        while await self._more():
            if self.size > LARGE:
                async with turns:
                    while await self._more():
                        pass
                return

    async def _more(self) -> bool:
        """Takes the next part; whether there is another."""
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        chunk: bytes = message.get("body", b"")
        self.size += len(chunk)
        if self.size <= LARGEST:
            self._parts.append(chunk)
        else:
            self._parts = [self.start()]
        return bool(message.get("more_body", False))

    def start(self) -> bytes:
        """The first 64 KiB."""
        return b"".join(self._parts)[:START]

    def whole(self) -> bytes:
        """All of it."""
        return self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)

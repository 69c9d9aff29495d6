"""Applications asked without a server."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
App = Callable[[Any, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]


def arriving(chunks: Iterable[bytes], *, whole: bool = True, pause: float = 0) -> Callable[[], Awaitable[Message]]:
    """What a server hands over of a body: its chunks, then nothing more, or a wait without an end."""
    left = list(chunks)

    async def receive() -> Message:
        if pause:
            await asyncio.sleep(pause)
        if not left:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left) or not whole}

    return receive


async def gone() -> Message:
    """A client that has closed the connection."""
    return {"type": "http.disconnect"}


async def ask(
    app: App, path: str, receive: Callable[[], Awaitable[Message]], method: str = "POST", **scope: Any
) -> list[Message]:
    """The messages that the application sends."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [],
    } | scope
    await app(scope, receive, send)
    return sent

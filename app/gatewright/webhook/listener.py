"""One uvicorn server: its options, and no signals of its own."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Iterator
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

KEEP_ALIVE = 125
"""Seconds. The API server closes after 90: whoever closes first must be the one that sends, or a review is lost."""

FINISH = 30
"""Seconds for what is in flight at the end: a review can take no longer."""


JUST_MADE = 0.5
"""Seconds in which a connection that was made at the last moment can still bring its review."""

LET_GO = 2.0
"""Seconds for a client to close its end at the end: TLS would wait thirty for one that never does."""


class ListenError(Exception):
    """An address that cannot be listened on, and why."""


def listen(host: str, port: int) -> socket.socket:
    """A socket for an address; port 0 takes a free one.

    Raises:
        ListenError: it is taken, or none of ours.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        why, _, _ = (error.strerror or "").partition(" (")  # behind which Python repeats the address
        raise ListenError(f"cannot listen on {_text(host, port)}: {why}") from None


def address(bound: socket.socket) -> str:
    """`127.0.0.1:8443`, `[::1]:8443`."""
    return _text(*bound.getsockname()[:2])


def _text(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class Listener(uvicorn.Server):
    """A server on a socket, in an event loop that others use too. `started` is set once it listens."""

    def __init__(
        self,
        app: Any,
        bound: socket.socket,
        context: ssl.SSLContext | None = None,
        protocol: type[HttpToolsProtocol] = HttpToolsProtocol,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=protocol,
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                date_header=False,
                workers=1,  # else WEB_CONCURRENCY in the environment counts
                timeout_keep_alive=KEEP_ALIVE,
                timeout_graceful_shutdown=FINISH,
                ssl_context_factory=None if context is None else lambda *_: context,
            )
        )
        self._bound = bound
        self.listening = asyncio.Event()

    async def run_until_told(self) -> None:
        """Serves until `should_exit` is set, then finishes what is in flight."""
        await self.serve(sockets=[self._bound])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's own; tells when it listens."""
        await super().startup(sockets)
        self.listening.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's own, after a moment without new connections; one on which nothing happens holds nobody up."""
        for server in self.servers:
            server.close()
        await asyncio.sleep(JUST_MADE)
        letting_go = asyncio.create_task(self._let_go())
        await super().shutdown(sockets)
        letting_go.cancel()

    async def _let_go(self) -> None:
        while self.server_state.tasks:
            await asyncio.sleep(0.1)
        await asyncio.sleep(LET_GO)
        for connection in list(self.server_state.connections):
            connection.transport.abort()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are handled once, for both servers."""
        yield

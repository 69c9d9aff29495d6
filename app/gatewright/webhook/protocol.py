"""HTTP/1.1 as uvicorn speaks it, but for a review that arrives whole: that is answered where it is read, in one write.

Through ASGI the same answer takes a scope, a task, three coroutines and two writes, which is more than all the
pod-security checks cost (docs/adr, 7). Whatever is less simple than such a review goes that way.
"""

import asyncio
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from gatewright.webhook.app import PATH, Webhook

_PATH = PATH.encode()


class ReviewProtocol(HttpToolsProtocol):
    """A connection to the webhook."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        webhook: Webhook = config.loaded_app
        self._validate = webhook.validate
        self._query = b""
        self._parts: list[bytes] | None = None  # of the body of a review that may yet turn out to be whole

    def data_received(self, data: bytes) -> None:
        """Takes what has arrived. A review of which a part is missing goes the long way."""
        super().data_received(data)
        if self._parts is not None and not self.transport.is_closing():
            self._go_the_long_way(self._parts)

    def on_headers_complete(self) -> None:
        """Begins a request."""
        if self._is_simple():
            self._parts = []
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Takes a part of a body."""
        if self._parts is None:
            super().on_body(body)
        else:
            self._parts.append(body)

    def on_message_complete(self) -> None:
        """Answers a review that is whole, unless something must be looked up for it."""
        parts = self._parts
        if parts is None:
            super().on_message_complete()
            return
        answer = self._validate.at_once(parts[0] if len(parts) == 1 else b"".join(parts), self._query)
        if answer is None:
            self._go_the_long_way(parts)
            super().on_message_complete()
            return
        self._parts = None
        status, body = answer
        head = b"content-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
        self.transport.write(STATUS_LINE[status] + head + body)
        self.on_response_complete()

    def _is_simple(self) -> bool:
        path, _, self._query = self.url.partition(b"?")
        parser = self.parser
        before: RequestResponseCycle | None = self.cycle
        return bool(
            path == _PATH
            and parser.get_method() == b"POST"
            and parser.get_http_version() == "1.1"
            and parser.should_keep_alive()
            and not parser.should_upgrade()
            and not self.expect_100_continue
            and not self._validate.closing  # else the answer says that the connection closes
            and not self.flow.write_paused
            and (before is None or before.response_complete)  # else it waits for its turn
        )

    def _go_the_long_way(self, parts: list[bytes]) -> None:
        self._parts = None
        super().on_headers_complete()
        for part in parts:
            super().on_body(part)

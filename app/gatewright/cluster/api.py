"""What is asked of an API server: a port, so that only what talks to one imports its client."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol

from gatewright.engine.world import Unavailable

TIMEOUT = 2.0
"""Seconds that one request may take where no deadline is nearer."""

MOST_BYTES = 32 << 20
"""Bytes of one answer. A namespace's pods can be larger: what was not asked to be held whole is not."""


class Absent(Unavailable):
    """The API server knows the kind, and says that there is no object of that name."""


class NoPath(Unavailable):
    """Nothing is to be read at the path: a kind that is not served or not listed, or what answers is no API server."""


class Forbidden(Unavailable):
    """The account may not read it."""


class Gone(Unavailable):
    """What changed since a version can no longer be told: all has to be listed again."""


class TooLarge(Unavailable):
    """The answer has more bytes than were asked for."""


class Api(Protocol):
    """An API server. Every method raises Unavailable where it gets no answer that it can use."""

    def read(self, path: str, *, timeout: float = TIMEOUT, most: int = MOST_BYTES, **query: str | int) -> bytes:
        """What stands at a path of the API, as it was sent.

        Args:
            path: below the server's address; every part of it is as it stands in a URL.
            timeout: seconds.
            most: bytes that are taken.
            query: what stands behind the path.

        Raises:
            Absent, NoPath, Forbidden, Gone: the API server says so.
            TooLarge: it has more bytes.
            Unavailable: it cannot be read.
        """

    def watch(self, path: str, *, silence: float, **query: str | int) -> AbstractContextManager[Iterator[bytes]]:
        """What changes at a path, a line each, for as long as the API server goes on; a line that was cut is none.

        To enter it is to wait until the API server has begun.

        Args:
            path: as of `read`.
            silence: seconds without any byte that end it.
            query: what stands behind the path.

        Raises:
            NoPath, Forbidden, Gone: the API server says so, on entering.
            TooLarge: a line has more than `MOST_BYTES`.
            Unavailable: it could not begin, or broke off.
        """

    def get(self, path: str, *, timeout: float = TIMEOUT, **query: str | int) -> dict[str, Any]:
        """The JSON at a path of the API."""

    def apply(self, path: str, item: dict[str, Any], *, timeout: float = TIMEOUT) -> dict[str, Any]:
        """Applies an object's fields, server side, under a field manager of our own, whoever had them."""

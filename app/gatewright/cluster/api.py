"""What is asked of an API server: a port, so that only what talks to one imports its client."""

from typing import Any, Protocol

TIMEOUT = 2.0
"""Seconds that one request may take where no deadline is nearer."""


class Api(Protocol):
    """An API server. Every method raises Unavailable where it gets no answer that it can use."""

    def get(self, path: str, *, timeout: float = TIMEOUT, **query: str | int) -> dict[str, Any]:
        """The JSON at a path of the API."""

    def apply(self, path: str, item: dict[str, Any], *, timeout: float = TIMEOUT) -> dict[str, Any]:
        """Applies an object's fields, server side, under a field manager of our own, whoever had them."""

"""API servers that tests answer for."""

import threading
from collections.abc import Callable
from typing import Any

from gatewright.cluster.api import TIMEOUT
from gatewright.engine.world import Unavailable

Object = dict[str, Any]
Call = tuple[str, str, Object]
"""Verb, path, and the query of a get or the item of an apply."""


class Api:
    """Answers as it is told, one path an object or a reason for there being none; `calls` are what was asked."""

    def __init__(self, items: dict[str, Object | str] | None = None) -> None:
        self.items = items or {}
        self.calls: list[Call] = []
        self.timeouts: list[float] = []
        self.before: Callable[[], object] = lambda: None
        """Called in the thread of every get, before it is answered."""
        self._lock = threading.Lock()

    def get(self, path: str, *, timeout: float = TIMEOUT, **query: str | int) -> Object:
        """What there is at the path."""
        with self._lock:
            self.calls.append(("get", path, dict(query)))
            self.timeouts.append(timeout)
        self.before()
        found = self.items.get(path, "404 Not Found")
        if isinstance(found, str):
            raise Unavailable(f"GET {path}: {found}")
        return found

    def apply(self, path: str, item: Object, *, timeout: float = TIMEOUT) -> Object:
        """Takes the item."""
        self.calls.append(("apply", path, item))
        self.timeouts.append(timeout)
        return item

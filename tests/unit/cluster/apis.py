"""API servers that tests answer for."""

import json
import threading
from collections.abc import Callable
from typing import Any

from gatewright.cluster.api import MOST_BYTES, TIMEOUT, Absent, TooLarge
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
        self.most: list[int] = []
        self.before: Callable[[], object] = lambda: None
        """Called in the thread of every get, before it is answered."""
        self._lock = threading.Lock()

    def read(self, path: str, *, timeout: float = TIMEOUT, most: int = MOST_BYTES, **query: str | int) -> bytes:
        """What there is at the path, with its continuation."""
        at = f"{path}?continue={query['continue']}" if "continue" in query else path
        data = json.dumps(self._answer(at, path, timeout, query)).encode()
        self.most.append(most)
        if len(data) > most:
            raise TooLarge(f"GET {path}: more than {most:,} bytes")
        return data

    def get(self, path: str, *, timeout: float = TIMEOUT, **query: str | int) -> Object:
        """What there is at the path."""
        return self._answer(path, path, timeout, query)

    def _answer(self, at: str, path: str, timeout: float, query: Object) -> Object:
        with self._lock:
            self.calls.append(("get", path, query))
            self.timeouts.append(timeout)
        self.before()
        found = self.items.get(at, "404 Not Found")
        if isinstance(found, str):
            raise (Absent if found == "404" else Unavailable)(f"GET {path}: {found}")
        return found

    def apply(self, path: str, item: Object, *, timeout: float = TIMEOUT) -> Object:
        """Takes the item."""
        self.calls.append(("apply", path, item))
        self.timeouts.append(timeout)
        return item

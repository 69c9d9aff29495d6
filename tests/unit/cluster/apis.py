"""API servers that tests answer for."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

from gatewright.cluster.api import MOST_BYTES, TIMEOUT, Absent, TooLarge
from gatewright.engine.world import Unavailable

Object = dict[str, Any]
Call = tuple[str, str, Object]
"""Verb, path, and the query of a get or the item of an apply."""


class Api:
    """Answers as it is told, one path an object or a reason for there being none; `calls` are what was asked.

    A list is one answer after the other, of which the last one stays.
    """

    def __init__(self, items: dict[str, Any] | None = None) -> None:
        self.items: dict[str, Any] = items or {}
        self.calls: list[Call] = []
        self.timeouts: list[float] = []
        self.most: list[int] = []
        self.before: Callable[[], object] = lambda: None
        """Called in the thread of every get, before it is answered."""
        self._lock = threading.Lock()
        self.watches: list[Exception | list[Object | bytes | Exception]] = []

    def read(self, path: str, *, timeout: float = TIMEOUT, most: int = MOST_BYTES, **query: str | int) -> bytes:
        """What there is at the path, with its continuation."""
        at = f"{path}?continue={query['continue']}" if "continue" in query else path
        data = json.dumps(self._answer(at, path, timeout, query)).encode()
        self.most.append(most)
        if len(data) > most:
            raise TooLarge(f"GET {path}: more than {most:,} bytes")
        return data

    @contextlib.contextmanager
    def watch(self, path: str, *, silence: float, **query: str | int) -> Iterator[Iterator[bytes]]:
        """The next of `watches`: its lines, and how it breaks off; or how it does not begin."""
        with self._lock:
            self.calls.append(("watch", path, query))
            self.timeouts.append(silence)
        lines = self.watches.pop(0) if self.watches else []
        if isinstance(lines, Exception):
            raise lines
        yield (_line(line) for line in lines)

    def get(self, path: str, *, timeout: float = TIMEOUT, **query: str | int) -> Object:
        """What there is at the path."""
        return self._answer(path, path, timeout, query)

    def _answer(self, at: str, path: str, timeout: float, query: Object) -> Object:
        with self._lock:
            self.calls.append(("get", path, query))
            self.timeouts.append(timeout)
        self.before()
        found = self.items.get(at, "404 Not Found")
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        if isinstance(found, Exception):
            raise found
        if isinstance(found, str):
            raise (Absent if found == "404" else Unavailable)(f"GET {path}: {found}")
        answered: Object = found
        return answered

    def apply(self, path: str, item: Object, *, timeout: float = TIMEOUT) -> Object:
        """Takes the item."""
        self.calls.append(("apply", path, item))
        self.timeouts.append(timeout)
        return item


def _line(line: Object | bytes | Exception) -> bytes:
    if isinstance(line, Exception):
        raise line
    return line if isinstance(line, bytes) else json.dumps(line).encode()

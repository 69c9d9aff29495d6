"""A failing body made small: first what of its JSON is not needed, then which of its bytes."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

Fails = Callable[[bytes], bool]

PATIENCE = 30.0
"""Seconds to spend on one body."""


def minimised(body: bytes, fails: Fails, patience: float = PATIENCE) -> bytes:
    """The smallest body found that still fails; `body` where nothing can be left out."""
    end = time.monotonic() + patience
    body = _smaller_value(body, fails, end)
    return _fewer_bytes(body, fails, end)


def _smaller_value(body: bytes, fails: Fails, end: float) -> bytes:
    try:
        value = json.loads(body.decode())
    except (ValueError, RecursionError):
        return body
    if not fails(written := _written(value)):
        return body  # what is wrong is in how it was written
    body = written
    length = len(body) + 1
    while len(body) < length:
        length = len(body)
        for path in list(_places(value)):
            for simpler in _simpler(value, path) if time.monotonic() < end else ():
                if len(written := _written(simpler)) < len(body) and fails(written):
                    value, body = simpler, written
                    break
    return body


def _written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place, the outer ones first."""
    layer = [(path, value)]
    while layer:
        inner = []
        for at, holder in layer:
            entries = holder.items() if isinstance(holder, dict) else enumerate(holder)
            for step, child in entries:
                yield (*at, step)
                if isinstance(child, dict | list):
                    inner.append(((*at, step), child))
        layer = inner


def _simpler(value: Any, path: tuple[Any, ...]) -> Iterator[Any]:
    """The value without a place, and with less at it; nothing where the place is gone."""
    there = value
    for step in path:
        try:
            there = there[step]
        except (IndexError, KeyError, TypeError):
            return
    yield _changed(value, path, remove=True)
    if isinstance(there, list) and len(there) > 1:
        yield _changed(value, path, there[: len(there) // 2])
        yield _changed(value, path, there[len(there) // 2 :])
    if isinstance(there, str) and len(there) > 1:
        yield _changed(value, path, "")
        yield _changed(value, path, there[: len(there) // 2])


def _changed(value: Any, path: tuple[Any, ...], to: Any = None, *, remove: bool = False) -> Any:
    """A copy, changed at one place."""
    step, *rest = path
    copy = dict(value) if isinstance(value, dict) else list(value)
    if rest:
        copy[step] = _changed(value[step], tuple(rest), to, remove=remove)
    elif remove:
        del copy[step]
    else:
        copy[step] = to
    return copy


def _fewer_bytes(body: bytes, fails: Fails, end: float) -> bytes:
    """Leaves out ever shorter pieces (ddmin, of Zeller and Hildebrandt)."""
    size = len(body) // 2
    while size:
        at = 0
        while at < len(body) and time.monotonic() < end:
            shorter = body[:at] + body[at + size :]
            if fails(shorter):
                body = shorter
            else:
                at += size
        size //= 2
    return body

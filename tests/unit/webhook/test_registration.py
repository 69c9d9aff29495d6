import asyncio
import io
import json
from typing import Any

import pytest

from gatewright.engine.world import Unavailable
from gatewright.webhook.log import Log
from gatewright.webhook.registration import EVERY, RETRY, Registration

DOWN = Unavailable("GET /x: ConnectionResetError")
GONE = Unavailable("GET /x: 404 not found")


class Kept:
    """A registration whose attempts have outcomes in turn; then it is cancelled."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *outcomes: bool | Exception) -> None:
        self.outcomes = list(outcomes)
        self.slept: list[float] = []
        self.pending: list[str | None] = []
        self.stream = io.BytesIO()
        self.registration = Registration(self._publish, Log(self.stream))
        monkeypatch.setattr(asyncio, "sleep", self._sleep)

    def _publish(self) -> bool:
        match self.outcomes.pop(0):
            case bool() as changed:
                return changed
            case Exception() as error:
                raise error

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.pending.append(self.registration.pending)
        if not self.outcomes:
            raise asyncio.CancelledError

    def run(self) -> list[dict[str, Any]]:
        """Goes through the outcomes; the lines of the log, without their times."""
        with pytest.raises(asyncio.CancelledError):
            asyncio.run(self.registration.forever())
        lines = map(json.loads, self.stream.getvalue().splitlines())
        return [{key: value for key, value in line.items() if key != "ts"} for line in lines]


def told(changed: bool) -> dict[str, Any]:
    """The line of a success."""
    return {"level": "info", "msg": "registered", "changed": changed}


def failed(error: Exception) -> dict[str, Any]:
    """The line of a failure."""
    return {"level": "error", "msg": "not registered", "error": str(error)}


def test_until_it_is_published_it_is_pending(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(monkeypatch, DOWN, DOWN, GONE, True)
    assert kept.registration.pending == "not registered yet"
    assert kept.run() == [failed(DOWN), failed(GONE), told(changed=True)]
    assert kept.pending == [f"not registered: {DOWN}", f"not registered: {DOWN}", f"not registered: {GONE}", None]
    assert kept.slept == [RETRY, RETRY, RETRY, EVERY]


def test_what_was_published_before_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(monkeypatch, False, False, False)
    assert kept.run() == [told(changed=False)]
    assert kept.pending == [None, None, None]
    assert kept.slept == [EVERY, EVERY, EVERY]


def test_what_somebody_took_away_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(monkeypatch, True, False, True)
    assert kept.run() == [told(changed=True), told(changed=True)]


def test_one_that_fails_later_is_told_and_does_not_make_unready_what_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(monkeypatch, True, GONE, GONE, DOWN, False, False)
    assert kept.run() == [told(changed=True), failed(GONE), failed(DOWN), told(changed=False)]
    assert kept.pending == [None] * 6
    assert kept.slept == [EVERY, RETRY, RETRY, RETRY, EVERY, EVERY]


def test_an_error_of_any_kind_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    error = KeyError("clientConfig")
    assert Kept(monkeypatch, error, True).run() == [failed(error), told(changed=True)]


def test_where_nothing_is_to_be_published_nothing_is_pending() -> None:
    registration = Registration(None, Log(io.BytesIO()))
    asyncio.run(registration.forever())
    assert registration.pending is None

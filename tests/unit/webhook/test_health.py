import asyncio

import pytest

from gatewright.webhook.health import Health
from gatewright.webhook.metrics import Metrics
from tests.unit.webhook.asgi import Message, arriving, ask


def got(path: str, unready: str | None = None, method: str = "GET", accept: bytes = b"*/*") -> list[Message]:
    """The answer of a process that is ready, or not for a reason."""
    app = Health(lambda: unready, Metrics())
    return asyncio.run(ask(app, path, arriving([b""]), method, headers=[(b"accept", accept)]))


def text(status: int, body: bytes, *headers: tuple[bytes, bytes]) -> list[Message]:
    """A whole answer."""
    length = str(len(body)).encode()
    described = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", length), *headers]
    return [
        {"type": "http.response.start", "status": status, "headers": described},
        {"type": "http.response.body", "body": body},
    ]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_process_that_is_ready_says_so(method: str) -> None:
    assert got("/readyz", method=method) == got("/healthz", method=method) == text(200, b"ok\n")


def test_one_that_is_not_says_why_and_lives() -> None:
    assert got("/readyz", "stopping") == text(503, b"stopping\n")
    assert got("/healthz", "stopping") == text(200, b"ok\n")


def test_nothing_else_is_there() -> None:
    assert got("/validate") == text(404, b"there are /healthz, /readyz and /metrics\n")
    assert got("/metrics", method="POST") == text(405, b"use GET\n", (b"allow", b"GET, HEAD"))


@pytest.mark.parametrize(
    ("accept", "kind", "end"),
    [
        (b"*/*", b"text/plain; version=0.0.4; charset=utf-8", b""),
        (
            b"application/openmetrics-text;version=1.0.0",
            b"application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores",
            b"# EOF\n",
        ),
    ],
)
def test_metrics_come_in_the_form_that_is_asked_for(accept: bytes, kind: bytes, end: bytes) -> None:
    start, body = got("/metrics", accept=accept)
    assert (start["status"], start["headers"][0]) == (200, (b"content-type", kind))
    assert b'gatewright_config_info{hash=""} 1.0\n' in body["body"]
    assert body["body"].endswith(end)


def test_other_protocols_are_left_alone() -> None:
    assert asyncio.run(ask(Health(lambda: None, Metrics()), "/", arriving([b""]), type="lifespan")) == []

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from gatewright.engine.engine import Engine
from gatewright.policy import Pod, Violations
from gatewright.webhook.app import Webhook
from tests.builders import declared, engine_of
from tests.unit.webhook import builders
from tests.unit.webhook.asgi import Message, arriving, ask, gone
from tests.unit.webhook.builders import Observed, engine, ignore, pod, response, review


class Serving:
    """An engine that is never refreshed."""

    def __init__(self) -> None:
        self.engine = engine()

    async def look_up(self, _misses: object, _seconds: float) -> bool:
        """There is nothing to look up."""
        return False

    def refresh(self, refused: object, accepted: object) -> None:
        """Nothing changes."""


class Broken(Serving):
    """No engine at all."""

    @property
    def engine(self) -> Engine:
        """Raises."""
        raise LookupError("s3cret")

    @engine.setter
    def engine(self, engine: Engine) -> None:
        del engine


SERVING = Serving()


def answered(app: Webhook, receive: Callable[[], Awaitable[Message]], **scope: Any) -> tuple[int, Any, Any]:
    """Status, headers and JSON of the answer to a POST."""
    start, body = asyncio.run(ask(app, "/validate", receive, **scope))
    assert start["type"] == "http.response.start"
    assert body == {"type": "http.response.body", "body": body["body"]}
    assert (b"content-length", str(len(body["body"])).encode()) in start["headers"]
    headers = {name.decode(): value.decode() for name, value in start["headers"] if name != b"content-length"}
    return start["status"], headers, json.loads(body["body"])


JSON = {"content-type": "application/json"}


def test_a_review_is_answered_with_as_few_headers_as_can_be() -> None:
    assert answered(Webhook(SERVING, ignore), arriving([review()])) == (200, JSON, response(allowed=True))


def test_its_body_may_come_in_pieces() -> None:
    body = review()
    receive = arriving([body[:100], body[100:]], pause=0.001)
    assert answered(Webhook(SERVING, ignore), receive) == (200, JSON, response(allowed=True))


def test_each_answer_is_observed() -> None:
    observed = Observed()
    answered(Webhook(SERVING, observed), arriving([review(object=pod(privileged=True))]))
    assert [decision.allowed for _, decision, _ in observed.told] == [False]


def test_a_review_that_does_not_arrive_is_denied_before_the_api_server_gives_up() -> None:
    observed = Observed()
    status, headers, document = answered(
        Webhook(SERVING, observed), arriving([review()[:-5]], whole=False), query_string=b"timeout=200ms"
    )
    assert (status, headers) == (200, JSON)
    assert document == builders.undecided("the review had not arrived after 0.1 s")
    ((_, _, seconds),) = observed.told
    assert 0.1 <= seconds < 5


def test_what_came_of_it_may_be_too_little() -> None:
    app = Webhook(SERVING, ignore)
    assert answered(app, arriving([b"{"], whole=False), query_string=b"timeout=200ms") == (
        400,
        JSON,
        builders.refusal("the review had not arrived after 0.1 s"),
    )


def test_nothing_is_sent_to_a_client_that_has_gone() -> None:
    observed = Observed()
    assert asyncio.run(ask(Webhook(SERVING, observed), "/validate", gone)) == []
    assert observed.told == []


def test_whatever_goes_wrong_is_no_5xx(caplog: pytest.LogCaptureFixture) -> None:
    assert answered(Webhook(Broken(), ignore), arriving([review()])) == (
        400,
        JSON,
        {
            "apiVersion": "v1",
            "kind": "Status",
            "status": "Failure",
            "reason": "BadRequest",
            "code": 400,
            "message": "gatewright could not answer the request",
        },
    )
    assert caplog.messages == ["a request was not answered"]


def raising(error: BaseException) -> Serving:
    """A webhook whose policy raises that."""

    def stops(pod: Pod) -> Violations:
        if pod.containers:
            raise error
        yield from ()

    serving = Serving()
    serving.engine = engine_of(declared(stops))
    return serving


class Stop(BaseException):
    pass


@pytest.mark.parametrize("error", [asyncio.CancelledError(), GeneratorExit(), SystemExit(1), Stop()], ids=repr)
def test_a_policy_that_raises_what_it_likes_is_answered(error: BaseException) -> None:
    reason = f"stops raised {type(error).__name__}"
    answer = builders.not_decided("Pod", reason, "stops", "GW001")
    assert answered(Webhook(raising(error), ignore), arriving([review()])) == (200, JSON, answer)


def test_an_interrupt_among_policies_is_no_5xx(caplog: pytest.LogCaptureFixture) -> None:
    status, headers, document = answered(Webhook(raising(KeyboardInterrupt()), ignore), arriving([review()]))
    assert (status, headers) == (400, JSON)
    assert document["message"] == "gatewright could not answer the request"
    assert caplog.messages == ["a request was not answered"]


def test_at_the_end_clients_are_told_to_leave() -> None:
    app = Webhook(SERVING, ignore)
    app.validate.closing = True
    assert answered(app, arriving([review()])) == (200, JSON | {"connection": "close"}, response(allowed=True))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/validate", 405),
        ("PUT", "/validate", 405),
        ("POST", "/validate/", 404),
        ("POST", "/", 404),
        ("GET", "/docs", 404),
        ("GET", "/redoc", 404),
        ("GET", "/openapi.json", 404),
        ("GET", "/metrics", 404),
        ("GET", "/healthz", 404),
    ],
)
def test_there_is_nothing_else(method: str, path: str, status: int) -> None:
    start, *_ = asyncio.run(ask(Webhook(SERVING, ignore), path, arriving([b""]), method))
    assert start["status"] == status

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from gatewright.cluster import live
from gatewright.cluster.live import LiveWorld
from gatewright.engine.decision import Miss
from gatewright.engine.engine import Engine
from gatewright.policy import Namespace, Pod, Store, Violation, Violations
from gatewright.webhook.app import Webhook
from tests.builders import declared, engine_of
from tests.unit.cluster.apis import Api
from tests.unit.webhook import builders
from tests.unit.webhook.asgi import Message, arriving, ask, gone
from tests.unit.webhook.builders import Observed, engine, ignore, of_kind, pod, response, review


class Serving:
    """An engine that is never refreshed."""

    def __init__(self) -> None:
        self.engine = engine()

    def lacks(self, misses: tuple[Miss, ...]) -> bool:
        """There is nothing to look up."""
        del misses
        return False

    async def look_up(self, misses: tuple[Miss, ...], seconds: float) -> bool:
        """There is nothing to look up."""
        del misses, seconds
        return False

    def forget(self, namespace: str) -> None:
        """Nothing is known."""

    def refresh(self, refused: object, accepted: object) -> None:
        """Nothing changes."""


class Live(Serving):
    """An engine that knows what an API server tells."""

    def __init__(self, api: Api) -> None:
        self.world = LiveWorld(api)
        self.engine = engine_of(declared(lonely), world=self.world)

    def lacks(self, misses: tuple[Miss, ...]) -> bool:
        """What it was not told yet."""
        return self.world.lacks(misses)

    async def look_up(self, misses: tuple[Miss, ...], seconds: float) -> bool:
        """Asks the API server."""
        return await self.world.look_up(misses, seconds)

    def forget(self, namespace: str) -> None:
        """Asks again."""
        self.world.forget(namespace)


class Lacking(Serving):
    """What is judged lacks something every time, which looking up finds `finds` times."""

    def __init__(self, finds: int) -> None:
        self.finds = finds
        self.looked: list[tuple[object, float]] = []
        self.engine = engine_of(declared(lonely), world=LiveWorld(Api({PATH: "404"})))

    async def look_up(self, misses: tuple[Miss, ...], seconds: float) -> bool:
        """Finds nothing in so many attempts, and says then that there was nothing to do."""
        self.looked.append((misses, seconds))
        return len(self.looked) <= self.finds


PATH = "/api/v1/namespaces/shop/pods"


def lonely(pod: Pod, namespace: Namespace | None, pods: Store[Pod]) -> Violations:
    """A pod is the only one of a namespace that says so."""
    if namespace and namespace.labels.get("only") and pods.within(namespace.name):
        yield Violation(pod.metadata, "name", "there is another pod")


class Broken(Serving):
    """No engine at all."""

    @property
    def engine(self) -> Engine:
        """Raises."""
        raise LookupError("s3cret")

    @engine.setter
    def engine(self, engine: Engine) -> None:
        del engine


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
    assert answered(Webhook(Serving(), ignore), arriving([review()])) == (200, JSON, response(allowed=True))


def test_its_body_may_come_in_pieces() -> None:
    body = review()
    receive = arriving([body[:100], body[100:]], pause=0.001)
    assert answered(Webhook(Serving(), ignore), receive) == (200, JSON, response(allowed=True))


def test_each_answer_is_observed() -> None:
    observed = Observed()
    answered(Webhook(Serving(), observed), arriving([review(object=pod(privileged=True))]))
    assert [decision.allowed for _, decision, _ in observed.told] == [False]


def test_a_review_that_does_not_arrive_is_denied_before_the_api_server_gives_up() -> None:
    observed = Observed()
    status, headers, document = answered(
        Webhook(Serving(), observed), arriving([review()[:-5]], whole=False), query_string=b"timeout=200ms"
    )
    assert (status, headers) == (200, JSON)
    assert document == builders.undecided("the review had not arrived after 0.1 s")
    ((_, _, seconds),) = observed.told
    assert 0.1 <= seconds < 5


def test_what_came_of_it_may_be_too_little() -> None:
    app = Webhook(Serving(), ignore)
    assert answered(app, arriving([b"{"], whole=False), query_string=b"timeout=200ms") == (
        400,
        JSON,
        builders.refusal("the review had not arrived after 0.1 s"),
    )


def test_nothing_is_sent_to_a_client_that_has_gone() -> None:
    observed = Observed()
    assert asyncio.run(ask(Webhook(Serving(), observed), "/validate", gone)) == []
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


SHOP = {"kind": "Namespace", "metadata": {"name": "shop", "labels": {"only": "1"}}}
OTHER = {"kind": "PodList", "items": [{"metadata": {"name": "other", "namespace": "shop"}}]}


def test_what_is_lacking_after_a_look_up_is_looked_up_as_well() -> None:
    """The labels of the namespace first, then the pods that only now are asked for: in one request, within its time."""
    api = Api({"/api/v1/namespaces/shop": SHOP, PATH: OTHER})
    _, _, document = answered(Webhook(Live(api), ignore), arriving([review()]))
    assert document["response"]["status"]["message"].splitlines()[1] == " 1. lonely (medium): there is another pod"
    assert [path for _, path, _ in api.calls] == ["/api/v1/namespaces/shop", PATH]


@pytest.mark.parametrize(("finds", "times"), [(0, 1), (1, 2), (2, 3), (9, 3)])
def test_it_is_looked_up_three_times_at_most_and_while_there_is_anything_to_do(finds: int, times: int) -> None:
    serving = Lacking(finds)
    status, _, document = answered(Webhook(serving, ignore), arriving([review()]), query_string=b"timeout=5s")
    assert (status, document["response"]["allowed"]) == (200, False)
    assert [misses for misses, _ in serving.looked] == [(Miss(Namespace, None, "shop"),)] * times
    assert all(3 < seconds <= 4 for _, seconds in serving.looked)


def test_what_is_looked_up_for_a_request_serves_it_however_long_it_took(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "FRESH", 0.0)
    serving = Live(Api({"/api/v1/namespaces/shop": SHOP, PATH: OTHER | {"items": []}}))
    assert answered(Webhook(serving, ignore), arriving([review()])) == (200, JSON, response(allowed=True))


def test_a_namespace_that_is_relabelled_is_asked_for_again() -> None:
    api = Api({"/api/v1/namespaces/shop": SHOP, PATH: OTHER | {"items": []}})
    app = Webhook(Live(api), ignore)
    relabelled = review(operation="UPDATE", oldObject=SHOP, **of_kind("Namespace", name="shop", object=SHOP))
    for body in (review(), relabelled, review()):
        assert answered(app, arriving([body]))[2]["response"]["allowed"] is True
    assert [path for _, path, _ in api.calls] == ["/api/v1/namespaces/shop", PATH, "/api/v1/namespaces/shop"]


def test_a_body_that_is_there_is_answered_at_once_unless_something_must_be_looked_up() -> None:
    api = Api({"/api/v1/namespaces/shop": SHOP, PATH: OTHER | {"items": []}})
    observed = Observed()
    app = Webhook(Live(api), observed)
    assert app.validate.at_once(review(), b"timeout=5s") is None
    assert (api.calls, observed.told) == ([], [])
    answered(app, arriving([review()]))
    answer = app.validate.at_once(review(), b"timeout=5s")
    assert answer is not None
    assert (answer.status, json.loads(answer.body)) == (200, response(allowed=True))
    assert len(observed.told) == 2


def test_at_once_as_well_whatever_goes_wrong_is_no_5xx(caplog: pytest.LogCaptureFixture) -> None:
    for serving in (Broken(), raising(KeyboardInterrupt())):
        answer = Webhook(serving, ignore).validate.at_once(review(), b"")
        assert answer is not None
        assert (answer.status, json.loads(answer.body)["message"]) == (400, "gatewright could not answer the request")
    assert caplog.messages == ["a request was not answered"] * 2


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
    app = Webhook(Serving(), ignore)
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
    start, *_ = asyncio.run(ask(Webhook(Serving(), ignore), path, arriving([b""]), method))
    assert start["status"] == status

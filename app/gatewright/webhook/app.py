"""The webhook's application: POST /validate, and FastAPI's 404 and 405 for everything else.

No documentation routes and no metrics: whoever may ask for a review learns nothing more.
"""

import logging
import time
from collections.abc import Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from gatewright.engine.decision import Decision
from gatewright.engine.world import ARRIVED
from gatewright.model.review import AdmissionRequest
from gatewright.webhook import response
from gatewright.webhook.body import Bodies, Disconnected, Unread
from gatewright.webhook.observe import Observe
from gatewright.webhook.refresh import Current
from gatewright.webhook.timeout import budget
from gatewright.webhook.wire import Answer, Exchange, undecided

PATH = "/validate"

LOOK_UPS = 3
"""Rounds of looking up what a judgement lacked: with the labels of the namespace it may lack a list besides, and what
somebody else had begun to look up may be too old."""


def _broken(error: BaseException) -> Answer:
    """The answer where there is none: a 5xx could be retried, and says nothing to the person who waits."""
    logging.getLogger(__name__).error("a request was not answered", exc_info=error)
    return Answer(HTTPStatus.BAD_REQUEST, response.refusal("gatewright could not answer the request"))


class Validate:
    """Answers reviews: straight from the bytes, since a Request and its routing would cost more than the judgement.

    `closing`: clients are told to leave the connection after each answer, before it is closed to them.
    """

    def __init__(self, current: Current, observe: Observe) -> None:
        self._current = current
        self._observe = observe
        self._bodies = Bodies()
        self.closing = False

    def at_once(self, body: bytes, query: bytes) -> Answer | None:
        """The answer to a body that is there; None where something must be looked up first."""
        arrived = time.monotonic()
        ARRIVED.set(arrived)
        try:
            exchange = Exchange(self._current.engine, body, self._seen)
            misses = exchange.judge(arrived + budget(query))
            return None if misses and self._current.lacks(misses) else exchange.answer()
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # whatever is wrong with us, there is an answer
            return _broken(error)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one review. A client that has gone is not an error."""
        arrived = time.monotonic()
        try:
            status, body = await self._answer(receive, arrived, budget(scope["query_string"]))
        except Disconnected:
            return
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # whatever is wrong with us, there is an answer
            status, body = _broken(error)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        if self.closing:
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": int(status), "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, receive: Receive, arrived: float, seconds: float) -> Answer:
        try:
            body = await self._bodies.read(receive, seconds)
        except Unread as error:
            waited = time.monotonic() - arrived
            return undecided(self._current.engine, error.start, error.reason, waited, self._observe)
        deadline = arrived + seconds
        ARRIVED.set(arrived)
        exchange = Exchange(self._current.engine, body, self._seen)
        misses = exchange.judge(deadline)
        for _ in range(LOOK_UPS):
            if not misses or not await self._current.look_up(misses, deadline - time.monotonic()):
                break
            misses = exchange.judge(deadline)
        return exchange.answer()

    def _seen(self, request: AdmissionRequest | None, decision: Decision, seconds: float) -> None:
        """What is about to change is not what was looked up: of a namespace that is relabelled the labels count now."""
        if request and request.kind.kind == "Namespace":
            self._current.forget(request.name)
        self._observe(request, decision, seconds)


class Webhook(FastAPI):
    """The application."""

    def __init__(self, current: Current, observe: Observe) -> None:
        super().__init__(
            openapi_url=None,
            redirect_slashes=False,  # the API server follows a redirect with a GET
            telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        )
        self.validate = Validate(current, observe)
        self.router.routes.append(Route(PATH, self.validate, methods=["POST"]))  # what makes a GET of it a 405

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Coroutine[Any, Any, None]:
        """Answers reviews ahead of the routing."""
        is_review = scope["type"] == "http" and scope["path"] == PATH and scope["method"] == "POST"
        return (self.validate if is_review else super().__call__)(scope, receive, send)

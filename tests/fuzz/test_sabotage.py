"""A webhook that is wrong on purpose is found out, soon, and with a small body: the fuzzer can fail."""

import contextlib
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fuzz.campaign import Failure, run
from fuzz.reviews import Reviews
from fuzz.service import Answer, Application

CASES = 2_000
"""Within which each is found."""

Sabotage = Callable[[Application, bytes], Awaitable[Answer]]

pytestmark = pytest.mark.fuzz


async def is_blind_to_ephemeral_containers(application: Application, body: bytes) -> Answer:
    return await application.ask(body.replace(b'"ephemeralContainers"', b'"ephemeral"'))


async def takes_the_first_of_two_keys(application: Application, body: bytes) -> Answer:
    def first(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return dict(reversed(pairs))

    with contextlib.suppress(ValueError, RecursionError):
        body = json.dumps(json.loads(body.decode(), object_pairs_hook=first)).encode()
    return await application.ask(body)


def altered(answer: Answer, change: Callable[[Any], object]) -> Answer:
    """The answer with its response changed."""
    status, text = answer
    whole = json.loads(text)
    if "response" in whole:
        change(whole["response"])
    return status, json.dumps(whole).encode()


async def allows_what_it_cannot_read(application: Application, body: bytes) -> Answer:
    def allow(response: Any) -> None:
        if "could not decide" in json.dumps(response):
            response.pop("status", None)
            response["allowed"] = True

    return altered(await application.ask(body), allow)


async def forgets_the_uid(application: Application, body: bytes) -> Answer:
    return altered(await application.ask(body), lambda response: response.update(uid="other"))


async def fails_on_null(application: Application, body: bytes) -> Answer:
    if b'"spec":null' in body:
        return 500, b"{}"
    return await application.ask(body)


async def raises_on_a_surrogate(application: Application, body: bytes) -> Answer:
    if b"\\ud800" in body:
        raise UnicodeError("half a character")
    return await application.ask(body)


def found(application: Application, sabotage: Sabotage) -> Failure:
    """The first failure."""

    async def ask(body: bytes) -> Answer:
        return await sabotage(application, body)

    with contextlib.closing(Reviews(ask)) as reviews:
        _, [failure] = run(reviews, 1, range(CASES), enough=1)
        return failure


@pytest.mark.parametrize(
    ("sabotage", "reason", "needs", "largest"),
    [
        (is_blind_to_ephemeral_containers, " is right", rb'"ephemeralContainers":\[', 250),
        (takes_the_first_of_two_keys, " is right", rb'"(\w*)":[^:]*,"\1":', 900),
        (allows_what_it_cannot_read, "allowed, and the body is no review: not JSON", rb'"uid":', 100),
        (forgets_the_uid, "the answer is to 'other', and ", rb'"uid":', 100),
        (fails_on_null, "HTTP 500", b'"spec":null', 11),
        (raises_on_a_surrogate, "UnicodeError escaped: half a character", rb"\\ud800", 6),
    ],
)
def test_sabotage(application: Application, sabotage: Sabotage, reason: str, needs: bytes, largest: int) -> None:
    failure = found(application, sabotage)
    assert reason in failure.reason
    assert re.search(needs, failure.body), failure.body
    assert len(failure.body) <= largest, failure.body

"""What is too large, too deep, too slow or no review at all; every response whole, and never a 5xx."""

import json
import time

import pytest

from tests.service.harness import Served
from tests.unit.webhook.builders import UID, not_decided, of_kind, pod, refusal, response, review, undecided

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]

JSON = {"content-type": "application/json"}
ONLY = "and only admission.k8s.io/v1 AdmissionReview is understood"
NO_REVIEW = "the body is no AdmissionReview: Object missing required field `apiVersion`"


def test_past_the_deadline_there_is_still_an_answer_in_time(webhook: Served) -> None:
    begun = time.monotonic()
    answer = webhook.post(review(**of_kind("ConfigMap")), "/validate?timeout=2s")
    assert time.monotonic() - begun < 2
    reason = "the deadline passed with 1 of 2 policies to go"
    assert answer == (200, JSON, not_decided("ConfigMap", reason, "GW003"))


def test_a_body_that_is_slow_is_not_waited_for_and_the_connection_lives(webhook: Served) -> None:
    body = review()
    connection = webhook.connection()
    begun = time.monotonic()
    connection.putrequest("POST", "/validate?timeout=2s")
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body[:-1])
    assert webhook.answer(connection) == (200, JSON, undecided("the review had not arrived after 1 s"))
    assert time.monotonic() - begun < 2
    connection.send(body[-1:])
    assert webhook.post(body, over=connection) == (200, JSON, response(allowed=True))
    connection.close()


@pytest.mark.parametrize("size", [1, 7, 17, 31])
def test_a_large_review_is_judged(webhook: Served, size: int) -> None:
    padding = {"metadata": {"annotations": {"x": "<" * (size * 2**20)}}}
    assert webhook.post(review(object=pod() | padding)) == (200, JSON, response(allowed=True))


def test_a_larger_one_is_denied_after_all_of_it_was_taken(webhook: Served) -> None:
    connection = webhook.connection()
    body = review() + b" " * (33 * 2**20)
    answer = webhook.post(body, over=connection)
    assert answer == (200, JSON, undecided("the review is larger than 32 MiB"))
    assert webhook.post(review(), over=connection) == (200, JSON, response(allowed=True))
    connection.close()


@pytest.mark.parametrize("depth", [999, 1_500, 9_990, 100_000, 1_000_000])
@pytest.mark.parametrize("brackets", [(b"[", b"]"), (b'{"a":', b"}")], ids=["lists", "objects"])
def test_what_nests_deeply_hides_nothing(webhook: Served, depth: int, brackets: tuple[bytes, bytes]) -> None:
    """How deep is too deep depends on the Python version."""
    body = review(object=pod(privileged=True) | {"deep": "HERE"})
    deep = body.replace(b'"HERE"', brackets[0] * depth + b"1" + brackets[1] * depth)
    too_deep = (200, JSON, undecided("the review is nested too deeply"))
    assert webhook.post(deep) in ([too_deep] if depth == 1_000_000 else [too_deep, webhook.post(body)])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (review()[:-1], "the review is not JSON: Input data was truncated"),
        (review(namespace=5), "request.namespace must be a string, not an integer"),
        (
            review().replace(b"k8s.io/v1", b"k8s.io/v1beta1"),
            f'the body is "admission.k8s.io/v1beta1 AdmissionReview", {ONLY}',
        ),
    ],
    ids=["cut", "type", "version"],
)
def test_what_is_malformed_is_denied(webhook: Served, body: bytes, reason: str) -> None:
    assert webhook.post(body) == (200, JSON, undecided(reason))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the review is not JSON: Input data was truncated"),
        (b"{}", NO_REVIEW),
        (json.dumps({"response": {"uid": UID}}).encode(), NO_REVIEW),
    ],
    ids=["empty", "nothing", "response"],
)
def test_without_a_uid_the_request_is_bad(webhook: Served, body: bytes, reason: str) -> None:
    assert webhook.post(body) == (400, JSON, refusal(reason))

"""What an API server is answered, over TLS; every response whole, and never a 5xx."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.service.harness import Served, serving, until
from tests.unit.webhook import builders
from tests.unit.webhook.builders import ID, UID, of_kind, pod, refusal, response, review, undecided

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]

JSON = {"content-type": "application/json"}
MODES = "policies: {raises: enforce, noted: audit, slow: enforce, too-late: enforce}"


@pytest.fixture(name="webhook", scope="module")
def _webhook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One process for all; at the end every answer it gave is accounted for."""
    folder: Path = tmp_path_factory.mktemp("answers")
    own = folder / "own"
    builders.policy(own, "raises", "Service", 'raise RuntimeError("s3cret")')
    builders.policy(own, "noted", "Endpoints", 'yield Violation(resource.node, "metadata.name", "a name is given")')
    builders.policy(own, "slow", "ConfigMap", "time.sleep(1.1); yield from ()")
    builders.policy(own, "too_late", "ConfigMap", "yield from ()")
    with serving(folder, f"policyFolders: [{own}]\n{MODES}\n") as served:
        yield served
        assert served.statuses
        assert max(served.statuses) < 500
        decisions = until(
            lambda: (told := [line for line in served.lines if line["msg"] == "decision"])
            and len(told) >= len(served.statuses)
            and told
        )
        assert len(decisions) == len(served.statuses)
        assert served.metric("gatewright_review_duration_seconds_count") == len(served.statuses)
        assert "s3cret" not in served.log.read_text()
        assert "Traceback" not in served.log.read_text()


def denied(kind: str, text: str, reason: str, failure: str = "") -> dict[str, Any]:
    """The answer, whole, to an object that something could not be decided of."""
    text = f"gatewright could not decide ({text}); this is not a fault of your manifest"
    return response(
        allowed=False,
        status={
            "status": "Failure",
            "message": f"{kind} shop/web: 1 not decided [decision {ID}]\n 1. {failure or reason}: {text}",
            "reason": "Forbidden",
            "code": 403,
            "details": {"name": "web", "kind": kind, "causes": [{"reason": reason, "message": text, "field": ""}]},
        },
        auditAnnotations={"decision": ID, "denied": reason},
    )


def test_a_clean_object_is_allowed(webhook: Served) -> None:
    assert webhook.post(review()) == (200, JSON, response(allowed=True))


def test_a_violation_is_denied(webhook: Served) -> None:
    message = f"""\
Pod shop/web: 1 violation [decision {ID}]
 1. privileged (high): container "api" runs privileged
    at spec.containers[0].securityContext.privileged = true
    fix: set it to false
Why, and what is allowed: gatewright policies privileged"""
    cause = {
        "reason": "privileged",
        "message": 'container "api" runs privileged',
        "field": "spec.containers[0].securityContext.privileged",
    }
    status = {
        "status": "Failure",
        "message": message,
        "reason": "Forbidden",
        "code": 403,
        "details": {"name": "web", "kind": "Pod", "causes": [cause]},
    }
    annotations = {"decision": ID, "denied": "privileged"}
    assert webhook.post(review(object=pod(privileged=True))) == (
        200,
        JSON,
        response(allowed=False, status=status, auditAnnotations=annotations),
    )


def test_a_warning_is_a_warning(webhook: Served) -> None:
    text = (
        'would violate PodSecurity "restricted:latest": runAsNonRoot != true '
        '(container "api" must set securityContext.runAsNonRoot to true)'
    )
    assert webhook.post(review(object=pod(runAsNonRoot=None))) == (
        200,
        JSON,
        response(allowed=True, warnings=[text], auditAnnotations={"decision": ID}),
    )


def test_what_is_audited_is_an_annotation(webhook: Served) -> None:
    annotations = {"decision": ID, "noted": "a name is given (at metadata.name)"}
    assert webhook.post(review(**of_kind("Endpoints"))) == (
        200,
        JSON,
        response(allowed=True, auditAnnotations=annotations),
    )


def test_a_policy_that_raises_is_our_fault(webhook: Served) -> None:
    body = review(**of_kind("Service"))
    assert webhook.post(body) == (200, JSON, denied("Service", "raises raised RuntimeError", "raises", "GW001"))


def test_an_object_that_is_none_of_its_kind_is_denied(webhook: Served) -> None:
    text = "gatewright could not decide (spec.containers must be a list, not an integer)"
    status = {
        "status": "Failure",
        "message": f"Pod shop/web: 1 not decided [decision {ID}]\n 1. GW002: {text}\n    at spec.containers",
        "reason": "Forbidden",
        "code": 403,
        "details": {
            "name": "web",
            "kind": "Pod",
            "causes": [{"reason": "GW002", "message": text, "field": "spec.containers"}],
        },
    }
    annotations = {"decision": ID, "denied": "GW002"}
    assert webhook.post(review(object={"spec": {"containers": 5}})) == (
        200,
        JSON,
        response(allowed=False, status=status, auditAnnotations=annotations),
    )


def test_past_the_deadline_there_is_still_an_answer_in_time(webhook: Served) -> None:
    begun = time.monotonic()
    answer = webhook.post(review(**of_kind("ConfigMap")), "/validate?timeout=2s")
    assert time.monotonic() - begun < 2
    reason = "the deadline passed with 1 of 2 policies to go"
    assert answer == (200, JSON, denied("ConfigMap", reason, "GW003"))


def test_a_body_that_is_slow_is_not_waited_for_and_the_connection_lives(webhook: Served) -> None:
    body = review()
    connection = webhook.connection()
    begun = time.monotonic()
    connection.putrequest("POST", "/validate?timeout=1s")
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body[:-1])
    assert webhook.answer(connection) == (200, JSON, undecided("the review had not arrived after 0.5 s"))
    assert time.monotonic() - begun < 1
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


@pytest.mark.parametrize("depth", [999, 1_500, 9_990, 100_000])
@pytest.mark.parametrize("brackets", [(b"[", b"]"), (b'{"a":', b"}")], ids=["lists", "objects"])
def test_what_nests_too_deeply_is_denied(webhook: Served, depth: int, brackets: tuple[bytes, bytes]) -> None:
    opening, closing = brackets
    inner = b"1" if closing == b"}" else b""
    body = review(object={"deep": "HERE"}).replace(b'"HERE"', opening * depth + inner + closing * depth)
    assert webhook.post(body) == (200, JSON, undecided("the review is nested too deeply"))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (review()[:-1], "the review is not JSON: Input data was truncated"),
        (review(namespace=5), "request.namespace must be a string, not an integer"),
        (
            review().replace(b"k8s.io/v1", b"k8s.io/v1beta1"),
            'the body is "admission.k8s.io/v1beta1 AdmissionReview", '
            "and only admission.k8s.io/v1 AdmissionReview is understood",
        ),
    ],
    ids=["cut", "type", "version"],
)  # fmt: skip
def test_what_is_malformed_is_denied(webhook: Served, body: bytes, reason: str) -> None:
    assert webhook.post(body) == (200, JSON, undecided(reason))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the review is not JSON: Input data was truncated"),
        (b"{}", "the body is no AdmissionReview: Object missing required field `apiVersion`"),
        (json.dumps({"response": {"uid": UID}}).encode(), "the body is no AdmissionReview: "
         "Object missing required field `apiVersion`"),
    ],
    ids=["empty", "nothing", "response"],
)  # fmt: skip
def test_without_a_uid_the_request_is_bad(webhook: Served, body: bytes, reason: str) -> None:
    assert webhook.post(body) == (400, JSON, refusal(reason))


def test_one_connection_serves_many_reviews(webhook: Served) -> None:
    connection = webhook.connection()
    answers = [webhook.post(review(uid=f"{UID}-{number}"), over=connection) for number in range(100)]
    assert [answer["response"]["uid"] for _, _, answer in answers] == [f"{UID}-{number}" for number in range(100)]
    connection.close()


def test_a_client_that_goes_away_is_nobodys_problem(webhook: Served) -> None:
    before = len(webhook.lines)
    for sent in (review()[:-1], b""):
        connection = webhook.connection()
        connection.putrequest("POST", "/validate")
        connection.putheader("Content-Length", str(len(review())))
        connection.endheaders(sent)
        connection.close()
    assert webhook.post(review())[0] == 200
    until(lambda: len(webhook.lines) > before)
    time.sleep(0.1)
    assert [line["msg"] for line in webhook.lines[before:]] == ["decision"]


@pytest.mark.parametrize("path", ["/metrics", "/docs", "/openapi.json", "/redoc", "/healthz", "/"])
def test_the_port_has_nothing_else(webhook: Served, path: str) -> None:
    connection = webhook.connection()
    connection.request("GET", path)
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (404, b'{"detail":"Not Found"}')
    connection.request("GET", "/validate")
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("allow")) == (405, "POST")
    connection.close()

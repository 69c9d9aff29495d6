"""What an API server is answered, over TLS; every response whole, and never a 5xx."""

import pytest

from tests.service.harness import Served
from tests.unit.webhook.builders import ID, UID, not_decided, of_kind, pod, response, review

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]

JSON = {"content-type": "application/json"}


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
    assert webhook.post(body) == (200, JSON, not_decided("Service", "raises raised RuntimeError", "raises", "GW001"))


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


def test_one_connection_serves_many_reviews(webhook: Served) -> None:
    connection = webhook.connection()
    answers = [webhook.post(review(uid=f"{UID}-{number}"), over=connection) for number in range(100)]
    assert [answer["response"]["uid"] for _, _, answer in answers] == [f"{UID}-{number}" for number in range(100)]
    connection.close()


def test_a_client_that_goes_away_is_nobodys_problem(webhook: Served) -> None:
    for sent in (review()[:-1], b""):
        connection = webhook.connection()
        connection.putrequest("POST", "/validate")
        connection.putheader("Content-Length", str(len(review())))
        connection.endheaders(sent)
        connection.close()
    assert webhook.post(review()) == (200, JSON, response(allowed=True))


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

import json

import pytest

from gatewright.engine.decision import Decision, Finding, Mode
from gatewright.model.review import AdmissionRequest
from gatewright.policy import Severity
from gatewright.webhook import response
from tests.unit.webhook.builders import ID, UID


def finding(policy: str, mode: Mode) -> Finding:
    """A finding of a policy of any name."""
    return Finding(policy, Severity.LOW, mode, (), "is wrong")


@pytest.mark.parametrize(
    ("policy", "key"),
    [
        ("host-ports", "host-ports"),
        ("a.b_c", "a.b_c"),
        ("a/b", "a-b"),
        ("-a-", "a"),
        ("é é", "unnamed"),
        ("x" * 63, "x" * 63),
        ("x" * 64, "x" * 63),
        ("x" * 62 + ".y", "x" * 62),
    ],
)
def test_an_annotation_has_a_valid_name(policy: str, key: str) -> None:
    body = response.review(AdmissionRequest(UID), Decision((finding(policy, Mode.AUDIT),)))
    assert json.loads(body)["response"]["auditAnnotations"] == {"decision": ID, key: "is wrong"}


def test_notes_are_warnings() -> None:
    body = response.review(AdmissionRequest(UID), Decision(notes=("two pods would be denied",)))
    assert json.loads(body)["response"] == {"uid": UID, "allowed": True, "warnings": ["two pods would be denied"]}


def test_every_violation_has_a_cause() -> None:
    decision = Decision((finding("a", Mode.ENFORCE), finding("b", Mode.ENFORCE), finding("c", Mode.WARN)))
    status = json.loads(response.review(AdmissionRequest(UID), decision))["response"]["status"]
    assert status["details"] == {
        "causes": [
            {"reason": "a", "message": "is wrong", "field": ""},
            {"reason": "b", "message": "is wrong", "field": ""},
        ]
    }


def test_a_refusal_is_a_status() -> None:
    assert json.loads(response.refusal("no")) == {
        "apiVersion": "v1",
        "kind": "Status",
        "status": "Failure",
        "reason": "BadRequest",
        "message": "no",
        "code": 400,
    }

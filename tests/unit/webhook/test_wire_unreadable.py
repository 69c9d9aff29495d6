import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright.engine.decision import Mode
from gatewright.engine.engine import Engine
from gatewright.webhook.wire import answer
from tests.unit.webhook import builders
from tests.unit.webhook.builders import ID, UID, engine, ignore, pod, response, review


def answered(body: bytes, by: Engine | None = None) -> tuple[int, Any]:
    """The answer, its JSON read."""
    status, content = answer(by or engine(), body, math.inf, ignore)
    return status, json.loads(content)


def with_part(part: bytes) -> bytes:
    """A review with another part in its request, JSON or not."""
    return review().replace(b'"dryRun": false', b'"dryRun": false, ' + part)


ONLY = "and only admission.k8s.io/v1 AdmissionReview is understood"
OPERATIONS = "not one of CREATE, UPDATE, DELETE, CONNECT"
NAN = with_part(b'"options": NaN')
SKIPPED = with_part(b'"options": "\xff"')
UNREAD = review(object={"metadata": {"managedFields": "é"}}).replace("é".encode(), b"\xc3")
UNREADABLE = [
    (review()[:-1], "the review is not JSON: Input data was truncated"),
    (review() + b"x", f"the review is not JSON: JSON is malformed: trailing characters (byte {len(review()) + 1})"),
    (NAN, f"the review is not JSON: JSON is malformed: invalid character (byte {NAN.index(b'NaN')})"),
    (SKIPPED, f"the review is not UTF-8 at byte {SKIPPED.index(0xFF)}"),
    (UNREAD, f"the review is not UTF-8 at byte {UNREAD.index(0xC3)}"),
    (review(namespace=5), "request.namespace must be a string, not an integer"),
    (review(dryRun="true"), "request.dryRun must be a boolean, not a string"),
    (review(userInfo=[]), "request.userInfo must be an object, not a list"),
    (review(kind="Pod"), "request.kind must be an object, not a string"),
    (review(kind={}), "request.kind says no kind"),
    (review(kind=None), "request.kind says no kind"),
    (review(kind={"group": "apps", "version": "v1", "kind": ""}), "request.kind says no kind"),
    (review(operation="create"), f'request.operation is "create", {OPERATIONS}'),
    (review(operation="PATCH"), f'request.operation is "PATCH", {OPERATIONS}'),
    (review(operation=""), f'request.operation is "", {OPERATIONS}'),
    (review(operation=None), f'request.operation is "", {OPERATIONS}'),
    (review().replace(b'"operation": "CREATE", ', b""), f'request.operation is "", {OPERATIONS}'),
    *(
        (with_part(b'"%s": ' % part + b"[" * depth + b"]" * depth), "the review is nested too deeply")
        for part in (b"object", b"options")
        for depth in (1_000_000, 2_000_000)
    ),
    (with_part(b'"x": ' + b'{"x":' * 1_000_000), "the review is nested too deeply"),
    (
        review().replace(b"k8s.io/v1", b"k8s.io/v1beta1"),
        f'the body is "admission.k8s.io/v1beta1 AdmissionReview", {ONLY}',
    ),
    (
        review().replace(b"AdmissionReview", b"ConversionReview"),
        f'the body is "admission.k8s.io/v1 ConversionReview", {ONLY}',
    ),
    (
        f'{{"apiVersion": "admission.k8s.io/v1", "request": {{"uid": "{UID}"}}}}'.encode(),
        "the body is no AdmissionReview: Object missing required field `kind`",
    ),
]


@pytest.mark.parametrize(("body", "reason"), UNREADABLE, ids=range(len(UNREADABLE)))
def test_what_cannot_be_read_is_denied_with_its_uid(body: bytes, reason: str) -> None:
    assert answered(body) == (200, builders.undecided(reason))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the review is not JSON: Input data was truncated"),
        (b"5", "the review must be an object, not an integer"),
        (b"[]", "the review must be an object, not a list"),
        (b"{}", "the body is no AdmissionReview: Object missing required field `apiVersion`"),
        (b'{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":null}',
         "the body is no AdmissionReview: Object missing required field `request`"),
        (b'{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"Uid":"a"}}',
         "the body is no AdmissionReview: Object missing required field `uid` - at `$.request`"),
        (review(uid=""), "request.uid is empty"),
        (review(uid=None), "the body is no AdmissionReview: Object missing required field `uid` - at `$.request`"),
        (review(uid=7), "request.uid must be a string, not an integer"),
        (b"\xef\xbb\xbf{}", "the review is not JSON: JSON is malformed: invalid character (byte 0)"),
        (review().decode().encode("utf-16"), "the review is not UTF-8 at byte 0"),
    ],
)  # fmt: skip
def test_without_a_uid_it_is_a_bad_request(body: bytes, reason: str) -> None:
    assert answered(body) == (400, builders.refusal(reason))


@pytest.mark.parametrize("depth", [990, 999, 1_500, 9_990])
def test_what_nests_deeply_hides_nothing(depth: int) -> None:
    """How deep is too deep depends on the Python version."""
    body = review(object=pod(privileged=True) | {"deep": "HERE"})
    deep = answered(body.replace(b'"HERE"', b"[" * depth + b"]" * depth))
    assert deep in (answered(body), (200, builders.undecided("the review is nested too deeply")))
    assert deep[1]["response"]["allowed"] is False


def test_no_part_of_an_offender_is_allowed() -> None:
    body = review(object=pod(privileged=True))
    for end in range(len(body)):
        status, document = answered(body[:end])
        assert (status, document.get("response", {}).get("allowed")) in ((200, False), (400, None))


@given(start=st.integers(0, 700), length=st.integers(0, 30), put=st.binary(max_size=30))
def test_whatever_happens_to_a_review_it_is_answered(start: int, length: int, put: bytes) -> None:
    body = review()
    status, document = answered(body[:start] + put + body[start + length :])
    if status == 400:
        assert (document["status"], document["code"]) == ("Failure", 400)
    else:
        assert (status, document["apiVersion"], document["kind"]) == (200, "admission.k8s.io/v1", "AdmissionReview")
        assert type(document["response"]["uid"]) is str
        assert type(document["response"]["allowed"]) is bool


def test_a_byte_order_mark_does_not_hide_the_uid() -> None:
    reason = "the review is not JSON: JSON is malformed: invalid character (byte 0)"
    assert answered(b"\xef\xbb\xbf" + review()) == (200, builders.undecided(reason))


def test_where_nothing_is_enforced_what_cannot_be_read_is_allowed_with_a_warning() -> None:
    lenient = engine("profile: observe")
    assert lenient.strongest is Mode.WARN
    reason = "request.namespace must be a string, not an integer"
    warning = f"GW006: gatewright could not decide ({reason}); this is not a fault of your manifest"
    assert answered(review(namespace=5), lenient) == (
        200,
        response(allowed=True, warnings=[warning], auditAnnotations={"decision": ID}),
    )
    assert answered(b"", lenient)[0] == 400


def test_unknown_fields_are_skipped() -> None:
    assert answered(with_part(b'"nonsense": {"a": [1, {"b": null, "c": 1e400}], "d": 111111111111111111111111}')) == (
        200,
        response(allowed=True),
    )

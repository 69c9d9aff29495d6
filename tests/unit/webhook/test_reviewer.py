"""What counts as an answer to a review, and what is said of everything else."""

import json
import ssl
from pathlib import Path
from typing import Any

import pytest

from gatewright.engine.decision import Mode
from gatewright.engine.reviewed import Reviewed
from gatewright.webhook.reviewer import LocalReviewer, RemoteReviewer, ReviewError, _reviewed
from tests.builders import raises
from tests.unit.webhook.builders import ID, UID, engine, pod, refusal, response, review

SENT = review()
NONE = "the answer is no AdmissionReview: "
OTHER = f'the answer is to "other", and "{UID}" was asked'
PATCH = "the answer has a patch, which a validating webhook cannot give"


def read(answer: Any, status: int = 200, sent: bytes = SENT) -> Reviewed:
    """What is made of an answer."""
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return _reviewed(sent, status, body, None)


@pytest.mark.parametrize(
    ("parts", "reviewed", "strongest"),
    [
        ({"allowed": True}, Reviewed(UID, True, "", [], {}), Mode.OFF),
        ({"allowed": False}, Reviewed(UID, False, "", [], {}), Mode.ENFORCE),
        (
            {"allowed": False, "status": {"message": "no", "code": 403, "details": {"kind": "Pod"}}},
            Reviewed(UID, False, "no", [], {}),
            Mode.ENFORCE,
        ),
        ({"allowed": True, "warnings": ["w"]}, Reviewed(UID, True, "", ["w"], {}), Mode.WARN),
        ({"allowed": True, "auditAnnotations": {"a": "b"}}, Reviewed(UID, True, "", [], {"a": "b"}), Mode.AUDIT),
        (
            {"allowed": True, "status": None, "warnings": None, "auditAnnotations": None, "patch": None},
            Reviewed(UID, True, "", [], {}),
            Mode.OFF,
        ),
        ({"allowed": True, "status": {}, "patchType": None, "new": 1}, Reviewed(UID, True, "", [], {}), Mode.OFF),
    ],
    ids=range(7),
)
def test_an_answer(parts: dict[str, Any], reviewed: Reviewed, strongest: Mode) -> None:
    found = read(response(**parts))
    assert (found, found.findings, found.strongest) == (reviewed, None, strongest)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b"", f"{NONE}Input data was truncated"),
        (b"allowed", f"{NONE}JSON is malformed: invalid character (byte 0)"),
        (
            b'{"response": {"uid": "\xff"}}',
            f"{NONE}'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
        ),
        ([], f"{NONE}Expected `object`, got `array`"),
        ({}, f"{NONE}Object missing required field `response`"),
        ({"response": None}, f"{NONE}Expected `object`, got `null` - at `$.response`"),
        ({"response": {"uid": UID}}, f"{NONE}Object missing required field `allowed` - at `$.response`"),
        ({"response": {"allowed": True}}, f"{NONE}Object missing required field `uid` - at `$.response`"),
        (response(allowed="true"), f"{NONE}Expected `bool`, got `str` - at `$.response.allowed`"),
        (response(allowed=None), f"{NONE}Expected `bool`, got `null` - at `$.response.allowed`"),
        (response(allowed=1), f"{NONE}Expected `bool`, got `int` - at `$.response.allowed`"),
        (response(allowed=True, warnings="w"), f"{NONE}Expected `array | null`, got `str` - at `$.response.warnings`"),
        (response(allowed=True, warnings=[1]), f"{NONE}Expected `str`, got `int` - at `$.response.warnings[0]`"),
        (
            response(allowed=False, status={"message": 1}),
            f"{NONE}Expected `str`, got `int` - at `$.response.status.message`",
        ),
        (response(allowed=True, uid="other"), OTHER),
        (response(allowed=True, uid="o" * 99), f'the answer is to "{"o" * 79}…", and "{UID}" was asked'),
        (response(allowed=True, patch="W10=", patchType="JSONPatch"), PATCH),
        (response(allowed=True, patch=[]), PATCH),
    ],
    ids=range(18),
)
def test_an_answer_that_is_none(answer: Any, message: str) -> None:
    with raises(ReviewError, message):
        read(answer)


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (500, b"upstream connect error\n", "HTTP 500: upstream connect error"),
        (503, b"", "HTTP 503: "),
        (404, b'{"detail":"Not Found"}', 'HTTP 404: {"detail":"Not Found"}'),
        (201, response(allowed=True), f"HTTP 201: {json.dumps(response(allowed=True))}"),
        (502, b"\xff" + b"x" * 999, f"HTTP 502: \ufffd{'x' * 199}"),
        (403, b'{"message": 5}', 'HTTP 403: {"message": 5}'),
        (400, refusal("no JSON"), f"HTTP 400: {refusal('no JSON')['message']}"),
    ],
    ids=range(7),
)
def test_a_refusal(status: int, body: Any, message: str) -> None:
    with raises(ReviewError, message):
        read(body, status)


def test_the_uid_is_found_however_broken_the_review_is() -> None:
    assert read(response(allowed=True), sent=SENT[:-9]).uid == UID
    with raises(ReviewError, f'the answer is to "{UID}", and "None" was asked'):
        read(response(allowed=True), sent=b"{}")


def test_here_it_is_answered_as_the_webhook_would_with_the_findings_behind_it() -> None:
    local = LocalReviewer(engine())
    assert local.review(SENT) == Reviewed(UID, True, "", [], {}, [])
    denied = local.review(review(object=pod(privileged=True)))
    assert (denied.uid, denied.allowed, denied.warnings) == (UID, False, [])
    assert denied.audit_annotations == {"decision": ID, "denied": "privileged"}
    assert [(finding.policy, patch) for finding, patch in denied.findings or ()] == [
        ("privileged", [{"op": "replace", "path": "/spec/containers/0/securityContext/privileged", "value": False}])
    ]


def test_what_cannot_be_read_is_answered_as_the_webhook_would() -> None:
    local = LocalReviewer(engine())
    reviewed = local.review(review(namespace=5))
    assert [(finding.policy, patch) for finding, patch in reviewed.findings or ()] == [("GW006", None)]
    assert reviewed.message.endswith(
        "GW006: gatewright could not decide (request.namespace must be a string, not an integer); "
        "this is not a fault of your manifest"
    )
    reason = "the body is no AdmissionReview: Object missing required field `apiVersion`"
    with raises(ReviewError, f"HTTP 400: {refusal(reason)['message']}"):
        local.review(b"{}")


@pytest.mark.parametrize("url", ["http://localhost", "localhost:8443", "https://", "", "https:///validate"])
def test_an_url_that_is_none(url: str) -> None:
    with raises(ValueError, "must be https://HOST[:PORT][/PATH]"):
        RemoteReviewer(url, None)


def test_a_certificate_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        RemoteReviewer("https://localhost", tmp_path / "none")
    (tmp_path / "none").write_text("none")
    with pytest.raises(ssl.SSLError, match="NO_CERTIFICATE_OR_CRL_FOUND"):
        RemoteReviewer("https://localhost", tmp_path / "none")


def test_an_answer_is_asked_for_by_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent, and that a connection that failed is begun anew."""
    sent: list[tuple[str, str, int | None, str]] = []
    closed: list[str] = []

    class Refused:
        def __init__(self, host: str, port: int | None, **options: Any) -> None:
            self._to = (host, port)
            assert options["timeout"] == 10
            assert options["context"].verify_mode is ssl.CERT_REQUIRED

        def request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> None:
            assert (body, headers) == (SENT, {"Content-Type": "application/json"})
            sent.append((method, *self._to, path))
            raise ConnectionRefusedError(111, "Connection refused")

        def close(self) -> None:
            closed.append("closed")

    monkeypatch.setattr("http.client.HTTPSConnection", Refused)
    for url in ("https://localhost", "https://[::1]:8443/", "https://web.shop.svc:443/hooks/validate"):
        with raises(ReviewError, "the webhook did not answer: [Errno 111] Connection refused"):
            RemoteReviewer(url, None).review(SENT)
    assert sent == [
        ("POST", "localhost", None, "/validate?timeout=10s"),
        ("POST", "::1", 8443, "/?timeout=10s"),
        ("POST", "web.shop.svc", 443, "/hooks/validate?timeout=10s"),
    ]
    assert closed == ["closed"] * 3

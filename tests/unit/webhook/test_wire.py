import json
import math
from pathlib import Path
from typing import Any

import pytest

from gatewright.engine.decision import Decision, Failure, Mode
from gatewright.engine.engine import Engine
from gatewright.model.review import AdmissionRequest, Kind
from gatewright.webhook.wire import answer, undecided
from tests.unit.webhook import builders
from tests.unit.webhook.builders import ID, UID, Observed, engine, ignore, of_kind, pod, response, review

ENFORCING = engine()


def answered(body: bytes, by: Engine = ENFORCING, deadline: float = math.inf) -> tuple[int, Any]:
    """The answer, its JSON read."""
    status, content = answer(by, body, deadline, ignore)
    return status, json.loads(content)


def test_a_clean_object_is_allowed_and_nothing_is_said() -> None:
    assert answered(review()) == (200, response(allowed=True))


def test_a_denial_names_all_there_is_and_warns_besides() -> None:
    message = """\
Pod shop/web: 1 violation, 1 warning [decision lcmj6lg2]
 1. privileged (high): container "api" runs privileged
    at spec.containers[0].securityContext.privileged = true
    fix: set it to false
Why, and what is allowed: gatewright policies privileged"""
    warning = (
        'would violate PodSecurity "restricted:latest": runAsNonRoot != true '
        '(container "api" must set securityContext.runAsNonRoot to true)'
    )
    assert answered(review(object=pod(privileged=True, runAsNonRoot=None))) == (
        200,
        response(
            allowed=False,
            status={
                "status": "Failure",
                "message": message,
                "reason": "Forbidden",
                "code": 403,
                "details": {
                    "name": "web",
                    "kind": "Pod",
                    "causes": [
                        {
                            "reason": "privileged",
                            "message": 'container "api" runs privileged',
                            "field": "spec.containers[0].securityContext.privileged",
                        }
                    ],
                },
            },
            warnings=[warning],
            auditAnnotations={"decision": ID, "denied": "privileged"},
        ),
    )


def test_a_warning_allows() -> None:
    status, document = answered(review(object=pod(privileged=True)), engine("profile: observe"))
    assert (status, document["response"]["allowed"]) == (200, True)
    assert document == response(
        allowed=True,
        warnings=['would violate PodSecurity "baseline:latest": privileged (container "api" runs privileged)'],
        auditAnnotations={"decision": ID},
    )


def test_what_is_audited_is_an_annotation() -> None:
    audit = engine('policies: {"*": off, privileged: audit}')
    assert answered(review(object=pod(privileged=True)), audit) == (
        200,
        response(
            allowed=True,
            auditAnnotations={
                "decision": ID,
                "privileged": 'container "api" runs privileged; fix: set it to false '
                "(at spec.containers[0].securityContext.privileged = true)",
            },
        ),
    )


def test_the_details_are_of_the_kind_that_was_sent() -> None:
    body = review(
        object={"spec": {"template": {"spec": {"hostNetwork": True}}}},
        kind={"group": "apps", "version": "v1", "kind": "Deployment"},
        requestKind={"group": "extensions", "version": "v1beta1", "kind": "Deployment"},
    )
    details = answered(body)[1]["response"]["status"]["details"]
    assert (details["group"], details["kind"], details["name"]) == ("extensions", "Deployment", "web")


def test_of_a_key_that_stands_twice_the_last_one_counts() -> None:
    twice = review(uid="first").replace(b'"uid": "first"', f'"uid": "first", "uid": "{UID}"'.encode())
    assert answered(twice) == (200, response(allowed=True))
    true, false = b'"privileged": true', b'"privileged": false'
    body = review(object=pod(privileged=True))
    assert answered(body.replace(true, true + b", " + false)) == (200, response(allowed=True))
    assert answered(body.replace(true, false + b", " + true))[1]["response"]["allowed"] is False


def with_part(part: bytes) -> bytes:
    """A review with another part in its request, JSON or not."""
    return review().replace(b'"dryRun": false', b'"dryRun": false, ' + part)


ONLY = "and only admission.k8s.io/v1 AdmissionReview is understood"
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
    *(
        (with_part(b'"%s": ' % part + b"[" * depth + b"]" * depth), "the review is nested too deeply")
        for part in (b"object", b"options")
        for depth in (1_500, 9_990, 100_000)
    ),
    (with_part(b'"x": ' + b'{"x":' * 100_000), "the review is nested too deeply"),
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
        (review(uid=7), "request.uid must be a string, not an integer"),
        (b"\xef\xbb\xbf{}", "the review is not JSON: JSON is malformed: invalid character (byte 0)"),
        (review().decode().encode("utf-16"), "the review is not UTF-8 at byte 0"),
    ],
)  # fmt: skip
def test_without_a_uid_it_is_a_bad_request(body: bytes, reason: str) -> None:
    assert answered(body) == (400, builders.refusal(reason))


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


def test_a_policy_that_raises_denies_and_does_not_repeat_what_it_saw(tmp_path: Path) -> None:
    builders.policy(tmp_path / "own", "raises", "Service", 'raise RuntimeError("s3cret")')
    by = engine(f"policyFolders: [{tmp_path / 'own'}]\npolicies: {{raises: enforce}}")
    text = "gatewright could not decide (raises raised RuntimeError); this is not a fault of your manifest"
    assert answered(review(**of_kind("Service")), by) == (
        200,
        response(
            allowed=False,
            status={
                "status": "Failure",
                "message": f"Service shop/web: 1 not decided [decision {ID}]\n 1. GW001: {text}",
                "reason": "Forbidden",
                "code": 403,
                "details": {
                    "name": "web",
                    "kind": "Service",
                    "causes": [{"reason": "raises", "message": text, "field": ""}],
                },
            },
            auditAnnotations={"decision": ID, "denied": "raises"},
        ),
    )


class Broken:
    """An engine with a fault."""

    def __init__(self, strongest: Mode) -> None:
        self.strongest = strongest

    def judge(self, request: AdmissionRequest, deadline: float) -> Decision:
        """Raises, whatever it is asked."""
        raise LookupError(f"s3cret {request.uid} {deadline}")


@pytest.mark.parametrize("strongest", Mode)
def test_a_fault_of_our_own_is_an_explicit_answer(strongest: Mode) -> None:
    observed = Observed()
    broken: Any = Broken(strongest)
    status, body = answer(broken, review(), math.inf, observed)
    reason = f"an internal error, LookupError in judge, line {Broken.judge.__code__.co_firstlineno + 2}"
    text = f"GW006: gatewright could not decide ({reason}); this is not a fault of your manifest"
    warned = response(allowed=True, warnings=[text], auditAnnotations={"decision": ID})
    denied = builders.undecided(reason)
    assert (status, json.loads(body)) == (200, denied if strongest is Mode.ENFORCE else warned)
    assert [finding.message for _, decision, _ in observed.told for finding in decision.findings] == [reason]


def test_the_decision_is_observed_after_it_was_made() -> None:
    observed = Observed()
    answer(ENFORCING, review(object=pod(privileged=True)), math.inf, observed)
    ((request, decision, seconds),) = observed.told
    assert request is not None
    assert (request.uid, request.name, decision.allowed) == (UID, "web", False)
    assert 0 < seconds < 5


def test_what_cannot_be_read_is_observed_too() -> None:
    observed = Observed()
    answer(ENFORCING, review(namespace=5), math.inf, observed)
    undecided(ENFORCING, b"", "it is empty", 1.5, observed)
    (first, denied, _), (second, refused, seconds) = observed.told
    assert first == AdmissionRequest(UID, Kind("admission.k8s.io", "v1", "AdmissionReview"), name=UID)
    assert (second, seconds) == (None, 1.5)
    assert [finding.failure for decision in (denied, refused) for finding in decision.findings] == [Failure.BODY] * 2
    assert not denied.allowed
    assert not refused.allowed


@pytest.mark.parametrize("body", [review(), review(namespace=5), b""])
def test_an_observer_that_fails_changes_nothing(body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    def fails(request: AdmissionRequest | None, decision: Decision, seconds: float) -> None:
        raise OSError(f"no space left on device: {request} {decision} {seconds}")

    assert answer(ENFORCING, body, math.inf, fails) == answer(ENFORCING, body, math.inf, ignore)
    assert caplog.messages == ["a decision is missing in the log: OSError"]


def test_unknown_fields_are_skipped() -> None:
    assert answered(with_part(b'"nonsense": {"a": [1, {"b": null, "c": 1e400}], "d": 111111111111111111111111}')) == (
        200,
        response(allowed=True),
    )

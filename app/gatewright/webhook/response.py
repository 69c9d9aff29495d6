"""The answer that the API server reads: the half of admission.k8s.io/v1's AdmissionReview that a webhook writes."""

import msgspec

from gatewright.engine import message
from gatewright.engine.decision import Decision, decision_id
from gatewright.model.review import AdmissionRequest
from gatewright.webhook.words import Cause, Words, words

API_VERSION = "admission.k8s.io/v1"
KIND = "AdmissionReview"

FORBIDDEN = 403
BAD_REQUEST = 400


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was denied, and why. Absent parts are left out, as they are in the API server's own answers."""

    name: str = ""
    group: str = ""
    kind: str = ""
    causes: list[Cause] = []


class Status(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """A failure as Kubernetes words it. Its code stays within 400 to 599: others panic the API server's handler."""

    status: str
    message: str
    reason: str
    code: int
    details: Details | None = None
    kind: str = ""
    api_version: str = ""


class Response(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """The verdict."""

    uid: str
    allowed: bool
    status: Status | None = None
    warnings: list[str] = []
    audit_annotations: dict[str, str] = {}


class Review(msgspec.Struct, frozen=True, rename="camel"):
    """The envelope."""

    api_version: str
    kind: str
    response: Response


_encode = msgspec.json.Encoder().encode


def review(request: AdmissionRequest, decision: Decision) -> bytes:
    """The AdmissionReview that answers a request."""
    if not decision.findings and not decision.notes:
        return _encode(Review(API_VERSION, KIND, Response(request.uid, True)))
    told = words(decision)
    named = {"decision": decision_id(request.uid), **told.annotations} if decision.findings else {}
    status = None if decision.allowed else _denied(request, told)
    return _encode(Review(API_VERSION, KIND, Response(request.uid, decision.allowed, status, told.warnings, named)))


def refusal(text: str) -> bytes:
    """The Status that goes with HTTP 400, where there is no review to answer."""
    return _encode(Status("Failure", text, "BadRequest", BAD_REQUEST, kind="Status", api_version="v1"))


def _denied(request: AdmissionRequest, told: Words) -> Status:
    kind = request.request_kind or request.kind
    details = Details(request.name, kind.group, kind.kind, told.causes)
    text = message.denial(request, told.counts, told.violations)
    return Status("Failure", text, "Forbidden", FORBIDDEN, details)

"""The answer that the API server reads: the half of admission.k8s.io/v1's AdmissionReview that a webhook writes."""

import re

import msgspec

from gatewright.engine import message
from gatewright.engine.decision import Decision
from gatewright.model.review import AdmissionRequest

API_VERSION = "admission.k8s.io/v1"
KIND = "AdmissionReview"

FORBIDDEN = 403
BAD_REQUEST = 400


class Cause(msgspec.Struct, frozen=True):
    """One violation, for programs."""

    reason: str
    message: str
    field: str


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
    warnings = message.warnings(decision)
    response = Response(
        uid=request.uid,
        allowed=decision.allowed,
        status=None if decision.allowed else _denied(request, decision, len(warnings)),
        warnings=warnings,
        audit_annotations={_name(key): text for key, text in message.annotations(request, decision).items()},
    )
    return _encode(Review(API_VERSION, KIND, response))


def refusal(text: str) -> bytes:
    """The Status that goes with HTTP 400, where there is no review to answer."""
    return _encode(Status("Failure", text, "BadRequest", BAD_REQUEST, kind="Status", api_version="v1"))


def _denied(request: AdmissionRequest, decision: Decision, warned: int) -> Status:
    kind = request.request_kind or request.kind
    causes = [Cause(**cause) for cause in message.causes(decision)]
    details = Details(request.name, kind.group, kind.kind, causes)
    return Status("Failure", message.denial(request, decision, warned), "Forbidden", FORBIDDEN, details)


_VALID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")


def _name(key: str) -> str:
    """The key as the name of an annotation: an invalid one would only show in the API server's log."""
    if _VALID.fullmatch(key):
        return key
    return re.sub(r"[^A-Za-z0-9._-]", "-", key)[:63].strip("._-") or "unnamed"

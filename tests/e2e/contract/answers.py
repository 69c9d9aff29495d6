"""Each form of an answer, and what the API server makes of it."""

import json

from tests.e2e.contract.exchange import CREATING, OK, Exchange, allowed, denial, denied, failed, review
from tests.e2e.impostor import Answer, Lost

CALL = "failed to call webhook: "
INVALID = "received invalid webhook response: "
URL = 'Post "https://contract.default.svc:8443/?timeout=3s": '
EMPTY = f"{CALL}0-length response with status code: %s and content type: application/json"
UNKNOWN = f"{CALL}the server responded with the status code %s but did not return more information"
REJECTED = f"{CALL}the server rejected our request for an unknown reason"
NOT_FOUND = f"{CALL}the server could not find the requested resource"
BROKEN = f'{CALL}an error on the server ("unknown") has prevented the request from succeeding'
BUSY = f"{CALL}the server is currently unable to handle the request"
MANY = f"{CALL}the server has received too many requests and has asked us to try again later"
ELSEWHERE = f'{CALL}Post "/validate": stopped after 10 redirects'
ANOTHER = f'{INVALID}expected response.uid="UID", got '
UNCONVERTED = f"{CALL}converting (%s) to (v1.AdmissionReview): unknown conversion"
NO_BOOLEAN = f"{CALL}json: cannot unmarshal %s into Go struct field AdmissionResponse.response.allowed of type bool"
ABSENT = f"{INVALID}webhook response was absent"
NO_PATCH = f"{INVALID}validating webhook may not return response."

DENIED = f'{CREATING}admission webhook "WEBHOOK" denied the request'
PANIC = (
    f'error: {CREATING}Post "https://LOCAL/api/v1/namespaces/PLACE/configmaps?fieldManager=kubectl-create&'
    'fieldValidation=Strict": stream error: stream ID 3; INTERNAL_ERROR; received from peer\n'
)
LINES = "two violations\n 1. a is bad\n 2. b is bad"
CAUSES = [
    {"field": "spec.a", "reason": "first", "message": "a is bad"},
    {"field": "spec.b", "reason": "second", "message": "b is bad"},
]
BULLETS = "The request is invalid: \n* spec.a: a is bad\n* spec.b: b is bad\n"
CONTROLS = "two\nlines", "a\ttab", "\x1b[31mred", "\x00"
KEYS = "a-_.Z", "k" * 63, "k" * 64, "a/b", "a b", "-a", "a.", ""
"""Of audit annotations: the first two are names."""


def status(code: int, **headers: str) -> Answer:
    return Answer(OK.body, code, {key.replace("_", "-"): value for key, value in headers.items()} | dict(OK.headers))


def typed(kind: str) -> Answer:
    return Answer(OK.body, headers={"content-type": kind})


def moved(code: int) -> Answer:
    return status(code, location="/validate")


def warned(*warnings: str) -> Answer:
    return Answer(review(warnings=warnings))


def coded(given: int, code: int) -> Exchange:
    """A denial with a code, and the code that arrives."""
    return denied(denial(code=given, message="no"), message=f"Error from server: {DENIED}: no\n", code=code)


def worded(told: str, error: str = " (Forbidden)", **status: object) -> Exchange:
    """A denial with 403, and what kubectl prints after that it was one."""
    answer = denial(**{"code": 403, "reason": "Forbidden", **status})
    return denied(answer, message=f"Error from server{error}: {DENIED}{told}\n", code=403)


CASES: dict[str, list[Exchange]] = {
    "status-200-to-206": [allowed(status(code)) for code in (200, 201, 202, 203, 205, 206)],
    "read-leniently": [
        *(allowed(typed(kind)) for kind in ("text/html", "application/octet-stream", "")),
        failed(typed("json/"), message=f"{CALL}Internal error occurred: mime: expected token after slash"),
        allowed(Answer(review(severity="low", extra={"deep": [1]}))),
        allowed(Answer(f"\ufeff{OK.body}")),
        allowed(Answer(review(padding="x" * 30_000_000))),
    ],
    "other-2xx-and-3xx": [
        failed(status(204), message=EMPTY % 204),
        *(failed(status(code), message=UNKNOWN % code) for code in (207, 226, 299, 300)),
    ],
    "redirects": [
        failed(moved(301), message=ELSEWHERE, calls=("POST", *["GET"] * 9)),
        failed(moved(301), OK, message=f'{ANOTHER}""', calls=("POST", "GET")),
        failed(moved(308), message=ELSEWHERE, calls=("POST",) * 10),
        allowed(moved(307), OK),
    ],
    "4xx-and-5xx": [
        failed(status(code), message=message)
        for code, message in {400: REJECTED, 404: NOT_FOUND, 429: MANY, 500: BROKEN, 503: BUSY}.items()
    ],
    "retry-after": [
        failed(status(code, retry_after="0"), message=message, calls=("POST",) * 11)
        for code, message in {429: MANY, 500: BROKEN, 503: BUSY}.items()
    ],
    "retried-until-there-is-an-answer": [allowed(status(503, retry_after="0"), status(429, retry_after="0"), OK)],
    "retry-after-in-vain": [
        failed(status(503, retry_after="2"), message=f"{CALL}{URL}context deadline exceeded", calls=("POST", "POST")),
        failed(status(503, retry_after="0.5"), message=BUSY),
        failed(status(503, retry_after="Thu, 01 Jan 2026 00:00:00 GMT"), message=BUSY),
        failed(status(400, retry_after="0"), message=REJECTED),
    ],
    "lost-connection": [
        failed(Lost(), message=f"{CALL}{URL}EOF"),
        failed(Lost(is_reset=True), message=f"{CALL}{URL}read tcp LOCAL->ADDRESS: read: connection reset by peer"),
    ],
    "uid-not-echoed": [
        failed(Answer(review(uid=uid)), message=f'{ANOTHER}"{uid}"') for uid in ("another", "", "requested")
    ],
    "version-or-kind": [
        failed(Answer(review("v1beta1")), message=UNCONVERTED % "v1beta1.AdmissionReview"),
        failed(Answer('{"apiVersion": "v1", "kind": "Status"}'), message=UNCONVERTED % "v1.Status"),
        failed(
            Answer(review(kind="Review")),
            message=f'{CALL}no kind "Review" is registered for version "admission.k8s.io/v1" in scheme '
            '"pkg/runtime/scheme.go:111"',
        ),
    ],
    "no-response": [
        failed(Answer(json.dumps(json.loads(OK.body) | {"response": None})), message=ABSENT),
        failed(Answer(""), message=EMPTY % 200),
    ],
    "allowed-is-no-boolean": [
        failed(Answer(review(allowed="true")), message=NO_BOOLEAN % "string"),
        failed(Answer(review(allowed=1)), message=NO_BOOLEAN % "number"),
        denied(Answer(review(allowed=None)), message=f"Error from server: {DENIED} without explanation\n", code=400),
    ],
    "a-patch": [
        failed(Answer(review(patch="W10=", patchType="JSONPatch")), message=f"{NO_PATCH}patch"),
        failed(Answer(review(patchType="JSONPatch")), message=f"{NO_PATCH}patchType"),
    ],
    "code-of-a-denial": [
        *(coded(given, 400) for given in (-1, 0, 200, 399)),
        *(coded(given, given) for given in (400, 403, 599, 600, 999)),
        denied(denial(code=1000), message=PANIC, code=500),
    ],
    "words-of-a-denial": [
        worded(f": {LINES}", message=LINES, details={"causes": CAUSES}),
        denied(denial(code=422, reason="Invalid", details={"causes": CAUSES}), message=BULLETS, code=422),
        worded(": Forbidden"),
        worded(" without explanation", error="", reason=""),
        worded(": \x1b[31ma\tb", message="\x1b[31ma\tb"),
    ],
    "warnings-that-vanish": [
        allowed(warned("one", *CONTROLS, "", "one", "\u202e"), warned="Warning: one\nWarning: \u202e\n")
    ],
    "warnings-past-4096-characters": [
        allowed(warned("é" * 4096), warned=f"Warning: {'é' * 4096}\n"),
        allowed(warned("é" * 4097), warned=f"Warning: {'é' * 256}\n"),
        allowed(
            warned(*(f"{number:03}{'x' * 117}" for number in range(200))),
            warned="".join(f"Warning: {number:03}{'x' * 117}\n" for number in range(35)),
        ),
    ],
    "keys-of-audit-annotations": [
        allowed(
            Answer(review(auditAnnotations=dict.fromkeys(KEYS, "x\ny"))),
            annotations=dict.fromkeys((f"WEBHOOK/{key}" for key in KEYS[:2]), "x\ny"),
        )
    ],
}  # fmt: skip

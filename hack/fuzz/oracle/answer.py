"""An answer held against the verdict: whether the API server takes it, and whether it is the right one."""

import json
import re
from typing import Any

from fuzz.oracle import json_text
from fuzz.oracle.json_text import Unread
from fuzz.oracle.verdict import DEEP, START, Verdict

UNREAD, MALFORMED = "GW006", "GW002"
OURS = re.compile(r"GW[0-9]{3}")
_KEY = re.compile(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_DEEPLY = "nested too deeply"


class Wrong(Exception):
    """A wrong answer, and what is wrong with it."""


def outcome(body: bytes, verdict: Verdict, status: int, answer: bytes) -> str:
    """What came of a body, in a few words.

    Raises:
        Wrong: it is not what must come of it.
    """
    if not 200 <= status < 500:
        raise Wrong(f"HTTP {status}")
    try:
        whole: Any = json_text.read(answer).value
    except Unread as error:
        raise Wrong(f"the answer is {error}") from error
    if status != 200:
        return _refused(body, verdict, status, whole)
    response = _response(whole)
    uid = response["uid"]
    if verdict.unread:
        if response["allowed"]:
            raise Wrong(f"allowed, and the body is no review: {verdict.unread}")
        if verdict.uid != uid and not (_occurs(uid, body) and (verdict.uid is None or _is_ambiguous(body))):
            raise Wrong(f"the answer is to {uid!r}, and {verdict.uid!r} was asked")
        if _causes(response) != {UNREAD}:
            raise Wrong(f"denied for {sorted(_causes(response))}, and the body is no review: {verdict.unread}")
        return "refused: no review"
    if uid != verdict.uid:
        raise Wrong(f"the answer is to {uid!r}, and {verdict.uid!r} was asked")
    return _judged(body, verdict, response)


def _refused(body: bytes, verdict: Verdict, status: int, answer: Any) -> str:
    """HTTP 400, which the webhook's failurePolicy decides: right only where there is no uid to answer to."""
    if status != 400 or not isinstance(answer, dict) or answer.get("kind") != "Status" or not answer.get("message"):
        raise Wrong(f"HTTP {status}, and the answer is no Status: {json.dumps(answer)[:200]}")
    if verdict.uid is not None and _is_plain(verdict.uid, body[:START]):
        raise Wrong(f"HTTP 400, and the uid {verdict.uid!r} can be read")
    if not verdict.unread and depth(body) < DEEP:
        raise Wrong("HTTP 400, and the body is a review")
    return "refused: no uid"


def _is_plain(uid: str, start: bytes) -> bool:
    """Whether a uid stands in the start of a body, and its keys without escapes: an API server writes none."""
    return b'"request"' in start and bool(re.search(rb'"uid"\s*:\s*"%s"' % re.escape(uid.encode()), start))


def _is_ambiguous(body: bytes) -> bool:
    """Whether more than one thing in a body could be taken for its uid."""
    return body[:START].count(b'uid"') != 1


def _occurs(uid: str, body: bytes) -> bool:
    """Whether a uid stands in a body, its characters escaped or not."""
    if uid.encode() in body:
        return True
    return (
        bool(uid)
        and b"\\" in body
        and uid in re.sub(rb"(?:\\u[0-9a-fA-F]{4})+|\\.", _unescaped, body).decode(errors="replace")
    )


def _unescaped(found: re.Match[bytes]) -> bytes:
    text: str = json.loads(b'"' + found[0] + b'"') if len(found[0]) > 2 or found[0][1:] in b'"\\/bfnrt' else ""
    return text.encode(errors="replace")


def _response(answer: Any) -> dict[str, Any]:
    """The response in an AdmissionReview, as the API server would take it."""
    if not isinstance(answer, dict) or (answer.get("apiVersion"), answer.get("kind")) != (
        "admission.k8s.io/v1",
        "AdmissionReview",
    ):
        raise Wrong("the answer is no AdmissionReview of v1")
    response = answer.get("response")
    if not isinstance(response, dict) or type(response.get("allowed")) is not bool:
        raise Wrong("the answer says neither yes nor no")
    if not isinstance(response.get("uid"), str) or not response["uid"]:
        raise Wrong("the answer has no uid")
    if unknown := response.keys() - {"uid", "allowed", "status", "warnings", "auditAnnotations"}:
        raise Wrong(f"the answer has {', '.join(sorted(unknown))}")
    if not response["allowed"]:
        status = response.get("status")
        if not isinstance(status, dict) or not status.get("message") or not 400 <= status.get("code", 0) <= 599:
            raise Wrong("a denial without a code from 400 to 599, or without a message")
    warnings = response.get("warnings", [])
    if any(not warning or not warning.isprintable() for warning in warnings) or sum(map(len, warnings)) > 4096:
        raise Wrong("a warning that the API server would not pass on")
    for key, value in response.get("auditAnnotations", {}).items():
        if not _KEY.fullmatch(key) or not isinstance(value, str):
            raise Wrong(f"an audit annotation that the API server would not take: {key!r}")
    return response


def _causes(response: dict[str, Any]) -> set[str]:
    causes = response.get("status", {}).get("details", {}).get("causes", [])
    return {cause["reason"] for cause in causes}


def _judged(body: bytes, verdict: Verdict, response: dict[str, Any]) -> str:
    denied, annotations = _causes(response), response.get("auditAnnotations", {})
    failed = {id_ for id_ in denied | annotations.keys() if OURS.fullmatch(id_)}
    messages = [cause["message"] for cause in response.get("status", {}).get("details", {}).get("causes", [])]
    is_deep = any(_DEEPLY in message or "RecursionError" in message for message in messages)
    if is_deep and depth(body) >= DEEP and not response["allowed"]:
        return "denied: too deep"
    if verdict.must_fail:
        if response["allowed"]:
            raise Wrong("allowed, and the object is not of its kind")
        if failed != {MALFORMED} and not (verdict.may_fail and failed == {UNREAD}):
            raise Wrong(f"denied for {sorted(denied)}, and the object is not of its kind")
        return "denied: malformed"
    if verdict.may_fail and failed in ({MALFORMED}, {UNREAD}) and not response["allowed"]:
        return "denied: malformed"
    audited = annotations.keys() - {"decision", "denied"}
    is_warned = bool(response.get("warnings"))
    if verdict.may_fail and MALFORMED in audited and denied == verdict.denied and audited - failed <= verdict.audited:
        return "allowed: audited or warned"  # a check that is audited could not say
    is_told = denied == verdict.denied and audited == verdict.audited
    if verdict.may_fail and is_told and is_warned and response["allowed"] is not bool(denied):
        return "allowed: audited or warned"
    found = (denied, set(audited), is_warned)
    right = (set(verdict.denied), set(verdict.audited), bool(verdict.warned))
    if found == right and response["allowed"] is not bool(verdict.denied):
        return _word(verdict)
    if verdict.may_pass and found == (set(), set(), False) and response["allowed"]:
        return "allowed: unchanged"
    word = "allowed" if response["allowed"] else "denied"
    raise Wrong(f"{word}, denied/audited/warned {_shown(*found)}, and {_shown(*right)} is right")


def depth(body: bytes) -> int:
    """How deep a JSON text nests."""
    return json_text.deep(body.decode())[1]


def _word(verdict: Verdict) -> str:
    if verdict.violated is None:
        return "allowed: not judged"
    if verdict.denied:
        return "denied: violations"
    return "allowed: audited or warned" if verdict.audited or verdict.warned else "allowed: clean"


def _shown(denied: Any, audited: Any, is_warned: bool) -> str:
    return f"[{', '.join(sorted(denied))}]/[{', '.join(sorted(audited))}]/{'yes' if is_warned else 'no'}"

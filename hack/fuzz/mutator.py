"""One review out of a chance: a recorded one or one that was made, and damage of every kind."""

import copy
import json
from pathlib import Path
from random import Random
from typing import Any

from fuzz import pods, raw, structure
from fuzz.oracle.verdict import NAMESPACES

ROOT = Path(__file__).resolve().parent.parent.parent
RECORDED = [*sorted((ROOT / "hack" / "reviews").glob("*.json")), ROOT / "tests" / "reviews" / "traffic.jsonl"]
"""What a real API server sent."""

UID = "705ab4f5-6393-11e8-b7cc-42010a800002"
_LEVELS = ("privileged", "baseline", "restricted", "Baseline", "", "none", None)
_VERSIONS = ("latest", "v1.37", "v1.99", "v1.0", "v1.01", "1.30", "v2.1", "", None, "v1.-1")
_SUBRESOURCES = (
    *("",) * 40, "status", "ephemeralcontainers", "resize", "exec", "attach", "eviction", "binding", "log",
    "portforward", "proxy", "scale", "new", "Status", "finalize",
)  # fmt: skip
_OPERATIONS = (*("CREATE",) * 12, *("UPDATE",) * 8, "DELETE", "CONNECT")
_NAMESPACES = (*("vault", "shop") * 4, "free", "other", "")
_ENVELOPE: dict[str, tuple[Any, ...]] = {
    "kind": (None, "AdmissionRequest", "admissionreview", "", 1, "AdmissionReview"),
    "apiVersion": (None, "admission.k8s.io/v1beta1", "v1", "", 1, "admission.k8s.io/v1 "),
    "request": (None, {}, [], "x", {"uid": UID}, [UID], ["uid", UID]),
}
_REQUEST: dict[str, tuple[Any, ...]] = {
    "uid": (None, "", 5, [], "x" * 300, 'a"b', "é\u0000", "\u202e", "a\\", {"uid": "x"}),
    "operation": (None, "", "create", "PATCH", "DELETE", "CONNECT", "UPDATE", 1),
    "kind": (None, {}, {"kind": "Pod"}, {"kind": ""}, {"kind": "pod"}, {"group": "apps", "kind": "Pod"}, "Pod", []),
    "namespace": (None, "", *NAMESPACES, "Shop", 5, "x" * 300, "a/b"),
    "name": (None, "", "x" * 300, 5, "a\nb"),
    "subResource": (*_SUBRESOURCES, None, 5),
    "object": (None, {}, [], "x", 0, True),
    "oldObject": (None, {}, [], "x", 0, True),
    "userInfo": (None, {}, {"groups": [None]}, {"groups": "x"}, {"username": 5}, []),
    "dryRun": (None, True, "true", 0),
    "requestKind": (None, {}, {"kind": 5}, "x"),
    "resource": (None, {}, {"resource": 5}, "x"),
    "options": (None, {}, 5),
}


def _recorded() -> list[str]:
    return [line for file in RECORDED for line in file.read_text().splitlines() if line]


class Mutator:
    """Makes reviews. Everything that it decides comes from the chance that it is given."""

    def __init__(self) -> None:
        self._recorded = _recorded()

    def body(self, rng: Random) -> bytes:
        """A body that an API server, or anybody, might send."""
        kind = rng.random()
        review = self._recording(rng) if kind < 0.3 else made(rng)
        if rng.random() < 0.12:
            self._envelope(rng, review)
        if rng.random() < 0.45:
            for _ in range(rng.choice((1, 1, 2, 4))):
                _damaged(rng, review)
        body = _encoded(rng, raw.text(review))
        return bytes_damaged(rng, body) if rng.random() < 0.1 else body

    def _recording(self, rng: Random) -> Any:
        review = json.loads(rng.choice(self._recorded))
        if rng.random() < 0.5:
            review["request"]["namespace"] = rng.choice(_NAMESPACES)
        return review

    def _envelope(self, rng: Random, review: Any) -> None:
        table = rng.choice((_ENVELOPE, _REQUEST, _REQUEST))
        key = rng.choice(list(table))
        holder = review if table is _ENVELOPE else review["request"]
        if rng.random() < 0.15:
            holder.pop(key, None)
        else:
            holder[key] = copy.deepcopy(rng.choice(table[key]))


def made(rng: Random) -> Any:
    """A review of an object of some kind, as an API server would send it."""
    if rng.random() < 0.06:
        kind: Any = {"group": "", "version": "v1", "kind": "Namespace"}
        item, old = _namespace(rng), _namespace(rng)
    else:
        inner = pods.pod(rng)
        kind, item, path = pods.carried(rng, inner)
        old = json.loads(json.dumps(item))
        if rng.random() < 0.6:
            pods.change(rng, _within(old, path))
        if rng.random() < 0.3:
            pods.put(old, "metadata.labels", {"changed": "yes"})
    request = {
        "uid": UID,
        "kind": kind,
        "resource": {"group": kind["group"], "version": "v1", "resource": f"{kind['kind'].lower()}s"},
        "subResource": rng.choice(_SUBRESOURCES),
        "name": "web",
        "namespace": rng.choice(_NAMESPACES),
        "operation": rng.choice(_OPERATIONS),
        "userInfo": {"username": "alice", "groups": ["system:authenticated"]},
        "object": item,
        "oldObject": None,
        "dryRun": False,
        "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"},
    }
    if request["operation"] == "UPDATE":
        request["oldObject"] = old
    elif request["operation"] == "DELETE":
        request["object"], request["oldObject"] = None, item
    return {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": request}


def _within(item: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        item = item[step]
    return item


def _namespace(rng: Random) -> Any:
    labels: dict[str, Any] = {"team": "a"}
    for mode in ("enforce", "audit", "warn"):
        if rng.random() < 0.4:
            labels[f"pod-security.kubernetes.io/{mode}"] = rng.choice(_LEVELS)
        if rng.random() < 0.3:
            labels[f"pod-security.kubernetes.io/{mode}-version"] = rng.choice(_VERSIONS)
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "web", "labels": labels}}


def _damaged(rng: Random, review: Any) -> None:
    """Damage: mostly to the object, where the checks read; else anywhere."""
    root = review
    request = review.get("request")
    if isinstance(request, dict) and rng.random() < 0.85:
        which = "oldObject" if rng.random() < 0.1 else "object"
        root = request.get(which) or review
        if isinstance(root, dict) and isinstance(root.get("spec"), dict) and rng.random() < 0.7:
            root = root["spec"]
    structure.damage(rng, root or review)


def _encoded(rng: Random, text: str) -> bytes:
    if rng.random() < 0.97:
        return text.encode(errors="surrogatepass")
    how = rng.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "latin-1", "nul", "spaces", "ascii"))
    if how == "ascii":
        return text.encode("ascii", "backslashreplace").replace(b"\\x", b"\\u00")
    if how in ("nul", "spaces"):
        return text.encode() + rng.choice((b"\0", b" ", b"\n\r\t ", b"\x0c", b"\xc2\xa0", b"\xe2\x80\xa8"))
    return text.encode(how, "replace")


_PIECES = (
    *(b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\x80", b"\xef\xbb\xbf", b"\0"),
    *(b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"\n", b" ", b"1", b"-", b"e", b"//", b"\x7f"),
    *(b"\\u0000", b"\\ud800", b"null", b'"uid":"x",'),
)


def bytes_damaged(rng: Random, body: bytes) -> bytes:
    """Damage to bytes: cut off, changed, left out, put in, repeated."""
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        at = rng.randrange(len(body) + 1)
        match rng.randrange(6):
            case 0:
                body = body[:at]
            case 1:
                body = body[:at] + bytes([rng.randrange(256)]) + body[at + 1 :]
            case 2:
                body = body[:at] + body[at + rng.choice((1, 2, 20)) :]
            case 3:
                body = body[:at] + rng.choice(_PIECES) + body[at:]
            case 4:
                body = body[:at] + rng.choice(_PIECES) + body[at + 1 :]
            case _:
                body = body[:at] + body[max(at - rng.choice((1, 10, 100)), 0) :]
    return body

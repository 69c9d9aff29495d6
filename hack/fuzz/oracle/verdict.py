"""What the right answer to a review is: read from the body, by the rules for requests that the documentation gives."""

import re
from dataclasses import dataclass
from typing import Any

from fuzz.oracle import checks, json_text, types
from fuzz.oracle.json_text import Unread
from fuzz.oracle.objects import CARRIERS, NO_POD, Template, changes, is_invalid, starts

CLUSTER = """\
{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {
  pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/audit: restricted,
  pod-security.kubernetes.io/warn: privileged}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: vault, labels: {pod-security.kubernetes.io/enforce: restricted}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: free, labels: {
  pod-security.kubernetes.io/enforce: privileged, pod-security.kubernetes.io/audit: privileged,
  pod-security.kubernetes.io/warn: privileged}}}
"""
"""The namespaces of the cluster that reviews are judged in, under the profile default and nothing else."""

SHOP, VAULT, FREE = NAMESPACES = ("shop", "vault", "free")
"""Baseline enforced and restricted audited; restricted enforced; nothing. Everywhere else restricted is warned of."""

START = 64 * 1024
"""Bytes of a body that is no review in which its uid is looked for."""

SOON = 600
"""Bytes within which an API server writes the uid."""

DEEP = 500
"""Levels from which on a body may be refused for them. Nothing that Kubernetes defines is nearly as deep."""

LABELS = "pod-security-labels"
_UID = re.compile(rb'"uid"\s*:\s*"([^"]*)')
_PLAIN = re.compile(rb"[-A-Za-z0-9]+")


@dataclass(frozen=True)
class Verdict:
    """What the answer must be.

    Attributes:
        uid: the request's; None where the body has none that can be read.
        unread: why there is no review to judge, or empty.
        violated: ids of the checks that the object violates; None where none looks at it.
        denied, audited, warned: ids of those that are told, by what follows.
        is_namespace: what was judged is a Namespace.
        must_fail: it cannot be judged, so it must be denied for that.
        may_fail: it may be denied for that; else the rest holds.
        may_pass: nothing has changed but for an old object that perhaps cannot be read: it may be allowed as well.
    """

    uid: str | None
    unread: str = ""
    violated: frozenset[str] | None = None
    denied: frozenset[str] = frozenset()
    audited: frozenset[str] = frozenset()
    warned: frozenset[str] = frozenset()
    is_namespace: bool = False
    must_fail: bool = False
    may_fail: bool = False
    may_pass: bool = False


def verdict(body: bytes) -> Verdict:
    """The verdict on a body."""
    try:
        text = json_text.read(body)
    except Unread as error:
        return Verdict(_uid(body), str(error))
    review = text.value
    request = review.get("request") if isinstance(review, dict) else None
    if not isinstance(request, dict):
        return Verdict(None, "no request")
    uid = request.get("uid")
    uid = uid if isinstance(uid, str) and uid else None
    if (review.get("apiVersion"), review.get("kind")) != ("admission.k8s.io/v1", "AdmissionReview"):
        return Verdict(uid, "no AdmissionReview of v1")
    if any(types.wrong(request, types.REQUEST)):
        return Verdict(uid, "a wrong type in the request")
    if uid is None or not checks.at(request, "kind", "kind"):
        return Verdict(uid, "no uid, or no kind")
    if request.get("operation") not in ("CREATE", "UPDATE", "DELETE", "CONNECT"):
        return Verdict(uid, "no operation")
    return _judged(uid, request, text.is_doubtful)


def _uid(body: bytes) -> str | None:
    """The uid at the beginning of a broken body, where nobody could read another."""
    start = body[:START]
    if not all(map(_PLAIN.fullmatch, _UID.findall(start))):
        return None
    request = checks.at(_object(json_text.beginning(start[:SOON].decode(errors="replace"))), "request")
    uid = _object(request).get("uid")
    return uid if isinstance(uid, str) and re.search(rb'"%s"\s*[,}]' % re.escape(uid.encode()), start) else None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _judged(uid: str, request: dict[str, Any], is_doubtful: bool) -> Verdict:
    unjudged = Verdict(uid, may_fail=is_doubtful)
    if request["operation"] not in ("CREATE", "UPDATE"):
        return unjudged
    kind = (checks.at(request, "kind", "group") or "", checks.at(request, "kind", "kind"))
    subresource = request.get("subResource") or ""
    if kind == ("", "Namespace") and subresource in ("", "finalize", "status"):  # each brings the whole Namespace
        return _of_namespace(uid, request, is_doubtful)
    is_pod = kind == ("", "Pod")
    namespace = request.get("namespace") or ""
    if kind not in CARRIERS or (subresource in NO_POD if is_pod else subresource) or namespace == FREE:
        return unjudged
    new = Template(request.get("object"), CARRIERS[kind])
    if new.is_absent:
        return Verdict(uid, may_fail=is_doubtful or new.is_doubtful)
    if new.is_broken:
        return Verdict(uid, must_fail=True, may_fail=is_doubtful)
    may_pass = False
    if request["operation"] == "UPDATE" and request.get("oldObject") is not None:
        old = Template(request["oldObject"], CARRIERS[kind])
        if not old.is_broken and not old.is_absent and not (starts if is_pod else changes)(old.pod, new.pod):
            if not old.is_doubtful and not is_doubtful:
                return Verdict(uid, may_fail=new.is_doubtful)
            may_pass = True
    violated = checks.violated(new.pod)
    at_baseline, at_restricted = violated & checks.BASELINE.keys(), violated & checks.RESTRICTED.keys()
    denied, audited, warned = at_baseline, frozenset[str](), frozenset[str]()
    if namespace == VAULT:
        denied = violated - checks.OVERRIDDEN
    elif namespace == SHOP:
        audited = at_restricted
    else:
        warned = at_restricted
    may_fail = is_doubtful or new.is_doubtful
    return Verdict(uid, "", violated, denied, audited, warned, may_fail=may_fail, may_pass=may_pass)


def _of_namespace(uid: str, request: dict[str, Any], is_doubtful: bool) -> Verdict:
    """A Namespace's own labels say something that exists; what an old one had already is let pass."""
    new, old = request.get("object"), request.get("oldObject")
    places = set(types.wrong(new, types.NAMESPACE)) if isinstance(new, dict) else {True}
    if True in places:
        return Verdict(uid, must_fail=True, may_fail=is_doubtful)
    may_fail = is_doubtful or False in places
    before: dict[str, Any] = {}
    if request["operation"] == "UPDATE" and old is not None:
        places = set(types.wrong(old, types.NAMESPACE)) if isinstance(old, dict) else {True}
        may_fail = may_fail or bool(places)
        before = (checks.at(old, "metadata", "labels") or {}) if True not in places else {}
    labels = checks.at(new, "metadata", "labels") or {}
    wrong = [
        key
        for key, value in labels.items()
        if is_invalid(key, value or "") and not (key in before and before[key] == value)
    ]
    found = frozenset({LABELS} if wrong else ())
    return Verdict(uid, "", found, found, is_namespace=True, may_fail=may_fail)

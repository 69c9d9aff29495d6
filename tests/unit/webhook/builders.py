"""Reviews as differences from a minimal valid one, and engines to judge them."""

import functools
import json
from pathlib import Path
from typing import Any

from gatewright.engine import catalog, config
from gatewright.engine.decision import Decision
from gatewright.engine.engine import Engine
from gatewright.engine.world import ClosedWorld
from gatewright.model.review import AdmissionRequest

UID = "705ab4f5-6393-11e8-b7cc-42010a800002"
ID = "lcmj6lg2"
"""The decision's id that goes with `UID`."""


def pod(**security: Any) -> dict[str, Any]:
    """A Pod that the restricted level allows, its one container's security context changed."""
    context = {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    container = {"name": "api", "image": "acme/api:1", "securityContext": context | security}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"containers": [container]}}


def request(**changes: Any) -> dict[str, Any]:
    """The request of a Pod's CREATE."""
    return {
        "uid": UID,
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "name": "web",
        "namespace": "shop",
        "operation": "CREATE",
        "userInfo": {"username": "alice", "groups": ["system:authenticated"]},
        "object": pod(),
        "oldObject": None,
        "dryRun": False,
    } | changes


def review(**changes: Any) -> bytes:
    """The AdmissionReview of such a request."""
    envelope = {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": request(**changes)}
    return json.dumps(envelope, ensure_ascii=False).encode()


def response(**parts: Any) -> dict[str, Any]:
    """The AdmissionReview that answers, whole."""
    return {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": {"uid": UID} | parts}


def of_kind(kind: str, **changes: Any) -> dict[str, Any]:
    """The changes that make a request one of a kind in the core group, which a policy of the tests judges."""
    return {
        "kind": {"group": "", "version": "v1", "kind": kind},
        "object": {"apiVersion": "v1", "kind": kind, "metadata": {"name": "web"}},
    } | changes


def not_decided(
    kind: str, text: str, policy: str, failure: str = "", name: str = "web", **group: str
) -> dict[str, Any]:
    """The answer, whole, to a review that something could not be decided of, where that is enforced."""
    blame = "" if text.endswith("nested too deeply") else "; this is not a fault of your manifest"
    text = f"gatewright could not decide ({text}){blame}"
    place = name if group else f"shop/{name}"
    return response(
        allowed=False,
        status={
            "status": "Failure",
            "message": f"{kind} {place}: 1 not decided [decision {ID}]\n 1. {failure or policy}: {text}",
            "reason": "Forbidden",
            "code": 403,
            "details": {"name": name, "kind": kind, "causes": [{"reason": policy, "message": text, "field": ""}]}
            | group,
        },
        auditAnnotations={"decision": ID, "denied": policy},
    )


def undecided(reason: str) -> dict[str, Any]:
    """The answer, whole, to a review that cannot be read."""
    return not_decided("AdmissionReview", reason, "GW006", name=UID, group="admission.k8s.io")


def refusal(reason: str) -> dict[str, Any]:
    """The Status, whole, where not even a uid can be read."""
    message = f"gatewright could not decide ({reason}, and no request.uid in it); this is not a fault of your manifest"
    return {
        "status": "Failure",
        "message": message,
        "reason": "BadRequest",
        "code": 400,
        "kind": "Status",
        "apiVersion": "v1",
    }


def engine(configuration: str = "{}") -> Engine:
    """An engine over an empty cluster."""
    return _engine(configuration, catalog.built_in())


@functools.cache
def _engine(configuration: str, policies: Path) -> Engine:
    """Made once for each catalogue, since a test may have another."""
    del policies
    return Engine(config.load(configuration.encode(), "test.yaml"), ClosedWorld())


def policy(folder: Path, name: str, kind: str, body: str) -> None:
    """Writes a policy that judges one kind; its body has `resource`, `time` and the authoring API."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.py").write_text(
        f'"""A policy of the tests."""\n'
        f"import time\n"
        f"from gatewright.policy import Resource, Severity, Violation, Violations, policy\n"
        f'@policy(severity=Severity.LOW, kinds={{"{kind}"}})\n'
        f"def {name}(resource: Resource) -> Violations:\n"
        f"    {body}\n"
    )


class Observed:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[AdmissionRequest | None, Decision, float]] = []

    def __call__(self, request: AdmissionRequest | None, decision: Decision, seconds: float) -> None:
        self.told.append((request, decision, seconds))


def ignore(request: AdmissionRequest | None, decision: Decision, seconds: float) -> None:
    """An observer that has no interest."""
    del request, decision, seconds

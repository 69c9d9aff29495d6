"""A credential is told to nobody: neither to the requester, nor in a log, a report, an annotation or a repr."""

import base64
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from gatewright.engine.decision import Decision
from gatewright.engine.reading import the_document
from gatewright.engine.scan import scan
from gatewright.model.review import AdmissionRequest
from gatewright.report import json as json_report
from gatewright.report import text as text_report
from gatewright.webhook import response
from gatewright.webhook.log import Log
from tests.builders import Object, engine, pod, request, workload

CANARY = "q8Zt2mNw4Lx0kanarienvogel7"
TOKENS = {
    "a password": CANARY,
    "a URL": f"postgres://shop:{CANARY}@db/shop",
    "a token": f"hvs.{CANARY}{CANARY}",
    "a file": f"user: shop\npassword: {CANARY}\nurl: redis://:{CANARY}@cache\n",
}


def places(value: str) -> Iterator[tuple[str, Object]]:
    """An object a place, the canary in it."""
    env, args = [{"name": "DB_PASSWORD", "value": value}], ["--password", value]
    applied = {"kubectl.kubernetes.io/last-applied-configuration": json.dumps({"data": {"password": value}})}
    metadata: dict[str, Any] = {"name": "web", "namespace": "shop"}
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        yield f"env, {kind}", pod({f"spec.{kind}": [{"name": "a", "image": "a", "env": env}]})
    yield "args", pod({"spec.containers[0].args": args})
    yield "command", pod({"spec.containers[0].command": args})
    yield "a probe", pod({"spec.containers[0].livenessProbe.exec.command": args})
    yield "a pod's annotation", pod({"metadata.annotations.password": value})
    yield "a pod's label", pod({"metadata.labels.password": value})
    yield "a template", workload("CronJob", {"spec.containers[0].env": env, "spec.containers[0].args": args})
    yield "a workload's annotation", {**workload(), "metadata": {**metadata, "annotations": {"password": value}}}
    data = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}
    yield "data", {**data, "data": {"password": value}}
    yield "binaryData", {**data, "binaryData": {"password": base64.b64encode(value.encode()).decode()}}
    yield "an annotation", {**data, "metadata": {**metadata, "annotations": {"password": value}}}
    yield "what was last applied", {**data, "kind": "Secret", "metadata": {**metadata, "annotations": applied}}
    yield "a Secret", {**data, "kind": "Secret", "data": {"password": value}, "stringData": {"password": value}}


def outputs(judge: str, item: Object) -> Iterator[tuple[str, Decision]]:
    """All that is ever told of an object, and why."""
    by = engine(judge, only=())  # all that there are
    asked: AdmissionRequest = request(item)
    decision = by.judge(asked)
    yield response.review(asked, decision).decode(), decision
    stream = io.BytesIO()
    Log(stream).decision(asked, decision, 0.001)
    yield stream.getvalue().decode(), decision
    yield repr(decision), decision
    scanned = scan(the_document(json.dumps(item).encode(), "a.json"), by)
    yield json_report.dumps(json_report.scan("p", "h", [scanned], []), indent=True), decision
    yield "\n".join(line.plain for line in text_report.scanned(scanned)), decision


@pytest.mark.parametrize("mode", ["enforce", "warn", "audit"])
@pytest.mark.parametrize("value", TOKENS.values(), ids=TOKENS)
def test_what_is_found_is_told_nobody(value: str, mode: str) -> None:
    for where, item in places(value):
        for told, decision in outputs(f"policies: {{'*': off, secrets/*: {mode}}}", item):
            assert bool(decision.findings) == (where != "a Secret"), where
            assert "kanarienvogel" not in told.lower(), where
            assert base64.b64encode(value.encode()).decode()[:24] not in told, where


def test_what_no_policy_looks_for_is_told_nobody() -> None:
    for where, item in places(TOKENS["a file"]):
        if where != "a pod's label":
            for told, _ in outputs("policies: {'*': enforce}", item):
                assert "kanarienvogel" not in told.lower(), where


@pytest.mark.parametrize(
    "changes",
    [
        {"spec.containers[0].env": CANARY},
        {"spec.containers[0].env": [CANARY]},
        {"spec.containers[0].env": [{"name": "A", "value": {CANARY: CANARY}}]},
        {"spec.containers[0].args": CANARY},
        {"metadata.annotations": CANARY},
        {"metadata.labels": [CANARY]},
    ],
)
def test_an_object_that_cannot_be_read_is_not_repeated(changes: dict[str, Any]) -> None:
    for told, decision in outputs("policies: {'*': off, secrets/*: enforce}", pod(changes)):
        assert [finding.failure for finding in decision.findings] == ["GW002"]
        assert "kanarienvogel" not in told

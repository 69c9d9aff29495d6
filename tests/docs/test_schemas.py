"""What `scan` and `review` print is what their published JSON Schemas say, and configurations are what theirs says."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from gatewright.cli.main import app
from gatewright.engine.documents import Document, read
from tests.docs.page import ROOT, blocks, pages

SCHEMAS = ROOT / "docs" / "schemas"

CLEAN = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
"""
DENIED = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      hostNetwork: true
      containers:
        - {name: web, image: web, securityContext: {privileged: true, capabilities: {add: [NET_ADMIN]}}}
"""
MALFORMED = """
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: web}
"""
UNREADABLE = """
apiVersion: v1
kind: Pod
kind: Pod
"""
CLUSTER_SCOPED = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: Restricted}}
"""


def validator(name: str) -> Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def problems(schema: str, document: object) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator(schema).iter_errors(document)]


def scanned(tmp_path: Path, *manifests: str) -> dict[str, Any]:
    file = tmp_path / "manifests.yaml"
    file.write_text("---".join(manifests))
    result = CliRunner().invoke(app, ["scan", str(file), "--output", "json"])
    document: dict[str, Any] = json.loads(result.stdout)
    return document


@pytest.mark.parametrize(
    ("manifests", "objects", "denied", "errors"),
    [
        ([CLEAN], 1, 0, 0),
        ([DENIED], 1, 1, 0),
        ([CLUSTER_SCOPED], 1, 1, 0),
        ([MALFORMED], 1, 1, 0),
        ([UNREADABLE], 0, 0, 1),
        ([""], 0, 0, 1),
        ([CLEAN, DENIED, MALFORMED, UNREADABLE, CLUSTER_SCOPED], 4, 3, 1),
    ],
    ids=["clean", "denied", "cluster-scoped", "malformed", "unreadable", "empty", "all"],
)
def test_a_scan(tmp_path: Path, manifests: list[str], objects: int, denied: int, errors: int) -> None:
    document = scanned(tmp_path, *manifests)
    assert problems("scan", document) == []
    assert (document["summary"]["objects"], document["summary"]["denied"], len(document["errors"])) == (
        objects,
        denied,
        errors,
    )


def reviewed(tmp_path: Path, *requests: dict[str, Any], api_version: str = "admission.k8s.io/v1") -> list[Any]:
    file = tmp_path / "reviews.jsonl"
    file.write_text(
        "\n".join(
            json.dumps({"apiVersion": api_version, "kind": "AdmissionReview", "request": request})
            for request in requests
        )
    )
    result = CliRunner().invoke(app, ["review", str(file)])
    return [json.loads(line) for line in result.stdout.splitlines()]


def request(manifest: str) -> dict[str, Any]:
    (document,) = (item for item in read(manifest.encode(), "manifest") if isinstance(item, Document))
    group, _, version = document.value["apiVersion"].rpartition("/")
    kind = {"group": group, "version": version, "kind": document.value["kind"]}
    return {"uid": "705ab4f5", "kind": kind, "operation": "CREATE", "namespace": "shop", "object": document.value}


@pytest.mark.parametrize(
    ("manifest", "api_version", "allowed", "error"),
    [
        (CLEAN, "admission.k8s.io/v1", True, False),
        (DENIED, "admission.k8s.io/v1", False, False),
        (MALFORMED, "admission.k8s.io/v1", False, True),
        (CLEAN, "admission.k8s.io/v1beta1", False, True),
    ],
    ids=["clean", "denied", "malformed", "no review"],
)
def test_a_review(tmp_path: Path, manifest: str, api_version: str, allowed: bool, error: bool) -> None:
    (line,) = reviewed(tmp_path, request(manifest), api_version=api_version)
    assert problems("review", line) == []
    assert line["allowed"] is allowed
    assert any(finding.get("error") for finding in line["findings"]) is error


def without_each_key(document: Any) -> Iterator[tuple[str, Any]]:
    """The document, each time without one key of it or of what it holds first."""
    for key, value in document.items():
        yield key, {name: other for name, other in document.items() if name != key}
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, dict):
            for name, changed in without_each_key(inner):
                whole = copy.deepcopy(document)
                whole[key] = [changed] if isinstance(value, list) else changed
                yield f"{key}.{name}", whole


def test_every_key_of_a_scan_is_required(tmp_path: Path) -> None:
    document = scanned(tmp_path, DENIED, UNREADABLE)
    optional = [name for name, changed in without_each_key(document) if not problems("scan", changed)]
    assert optional == []
    extended = document | {"later": 1, "objects": [document["objects"][0] | {"later": 1}]}
    assert problems("scan", extended) == []


def test_every_key_of_a_review_is_required_but_the_findings_which_a_server_does_not_tell(tmp_path: Path) -> None:
    (line,) = reviewed(tmp_path, request(DENIED))
    optional = {name for name, changed in without_each_key(line) if not problems("review", changed)}
    assert optional == {"findings", *(f"auditAnnotations.{name}" for name in line["auditAnnotations"])}


def configurations() -> list[Any]:
    """The configurations that pages show, each under its page and line."""
    return [
        pytest.param(block.text, block.attributes.get("file", ""), id=f"{page}:{block.line}")
        for page in pages()
        for block in blocks((ROOT / page).read_text())
        if block.language == "yaml" and page.name == "configure.md" and not block.text.startswith("apiVersion")
    ]


@pytest.mark.parametrize(("text", "file"), configurations())
def test_an_editor_finds_fault_with_the_configurations_that_are_refused_and_no_others(text: str, file: str) -> None:
    (document,) = read(text.encode(), "page")
    assert isinstance(document, Document)
    found = problems("config", document.value)
    assert bool(found) is (file == "wrong.yaml"), found

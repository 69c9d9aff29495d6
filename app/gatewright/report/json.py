"""The JSON documents of `scan` and `review`, which other programs rely on: they only grow.

Their JSON Schemas are docs/schemas/scan.json and docs/schemas/review.json.
"""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from gatewright.engine.cases import Outcome
from gatewright.engine.decision import Finding, Mode
from gatewright.engine.documents import DocumentError
from gatewright.engine.entry import Entry
from gatewright.engine.fixes import Patch
from gatewright.engine.reviewed import Reviewed
from gatewright.engine.scan import Scanned
from gatewright.model.path import render

VERSION = 1


def finding(one: Finding, patch: Patch | None, line: int | None = None) -> dict[str, Any]:
    """A finding, with its line where it has one; `fix` is a JSON Patch or null."""
    return {
        "policy": one.policy,
        "severity": str(one.severity),
        "mode": str(one.mode),
        "path": render(one.path),
        **({} if line is None else {"line": line}),
        "message": Entry((one,)).text,
        "fix": patch,
        **({"error": True} if one.failure else {}),
    }


def scan(profile: str, config_hash: str, scanned: Iterable[Scanned], errors: Iterable[DocumentError]) -> dict[str, Any]:
    """The document of a scan."""
    objects = [_object(one) for one in scanned]
    modes = Counter(found["mode"] for one in objects for found in one["findings"])
    return {
        "version": VERSION,
        "profile": profile,
        "configHash": config_hash,
        "objects": objects,
        "errors": [{"source": error.source, "line": error.line, "message": error.message} for error in errors],
        "summary": {
            "objects": len(objects),
            "denied": sum(not one["allowed"] for one in objects),
            "findings": {str(mode): modes[str(mode)] for mode in (Mode.ENFORCE, Mode.WARN, Mode.AUDIT)},
        },
    }


def _object(one: Scanned) -> dict[str, Any]:
    request = one.request
    return {
        "source": one.document.source,
        "line": one.document.line,
        "apiVersion": request.kind.api_version,
        "kind": request.kind.kind,
        "namespace": request.namespace if request.namespace and request.kind.key != "Namespace" else None,
        "name": request.name,
        "allowed": one.decision.allowed,
        "findings": [finding(found, patch, line) for found, line, patch in one.findings],
    }


def review(source: str, reviewed: Reviewed) -> dict[str, Any]:
    """The line of a review; without findings where a webhook answered that only says so much."""
    line: dict[str, Any] = {
        "source": source,
        "uid": reviewed.uid,
        "allowed": reviewed.allowed,
        "message": reviewed.message,
        "warnings": reviewed.warnings,
        "auditAnnotations": reviewed.audit_annotations,
    }
    if reviewed.findings is not None:
        line["findings"] = [finding(one, patch) for one, patch in reviewed.findings]
    return line


def cases(outcomes: Iterable[Outcome], problems: Iterable[str]) -> dict[str, Any]:
    """The document of a run of cases: every case, those without failures as expected."""
    listed = [
        {
            "policy": outcome.policy,
            "name": outcome.name,
            "source": outcome.source,
            "line": outcome.line,
            "objects": outcome.objects,
            "failures": list(outcome.failures),
        }
        for outcome in outcomes
    ]
    return {"version": VERSION, "cases": listed, "errors": list(problems)}


def dumps(document: dict[str, Any], *, indent: bool) -> str:
    """The text of a document; on one line without `indent`."""
    return json.dumps(
        document, indent=2 if indent else None, ensure_ascii=False, separators=None if indent else (",", ":")
    )

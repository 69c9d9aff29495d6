"""A manifest judged as if it were applied: what `scan` tells of each object."""

from dataclasses import dataclass

import msgspec

from gatewright.engine.cases import mends
from gatewright.engine.decision import Decision, Finding
from gatewright.engine.documents import Document
from gatewright.engine.engine import Engine
from gatewright.engine.fixes import Patch, patch_of
from gatewright.model.path import find
from gatewright.model.review import CREATE, AdmissionRequest, Kind


@dataclass(frozen=True, slots=True)
class Scanned:
    """A manifest's object with the Decision on it."""

    document: Document
    request: AdmissionRequest
    decision: Decision
    patches: tuple[Patch | None, ...]

    @property
    def findings(self) -> list[tuple[Finding, int, Patch | None]]:
        """Each finding with its line in the file and its fix, where one was verified."""
        return [
            (finding, self.document.line_of(finding.path), patch)
            for finding, patch in zip(self.decision.findings, self.patches, strict=True)
        ]


def scan(document: Document, engine: Engine) -> Scanned:
    """Judges an object. Each fix is carried out on a copy and judged again: one that does not mend is left out."""
    request = creation_of(document, document.value)
    decision = engine.judge(request)

    def verified(finding: Finding) -> Patch | None:
        value = document.value
        mended = mends(engine, finding, decision.findings, value, lambda changed: creation_of(document, changed))
        return patch_of(finding, value) if mended else None

    return Scanned(document, request, decision, tuple(map(verified, decision.findings)))


def creation_of(document: Document, item: object) -> AdmissionRequest:
    """The request that `kubectl apply` of an object would cause in an empty cluster, by nobody in particular."""
    group, _, version = str(find(item, ("apiVersion",))).rpartition("/")
    kind = str(find(item, ("kind",)))
    name, namespace = (find(item, ("metadata", key)) for key in ("name", "namespace"))
    name = name if isinstance(name, str) else ""
    if kind == "Namespace":
        namespace = name
    return AdmissionRequest(
        uid=f"{document.source}:{document.line}",
        kind=Kind(group, version, kind),
        name=name,
        namespace=namespace if isinstance(namespace, str) else "",
        operation=CREATE,
        object=msgspec.Raw(msgspec.json.encode(item)),
    )

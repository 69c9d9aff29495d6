"""The answer to a recorded review, as programs read it."""

from dataclasses import dataclass
from typing import Any

from gatewright.engine.decision import Finding, Mode
from gatewright.engine.fixes import Patch


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a webhook answered; `findings` with their fixes are known offline alone, else None."""

    uid: str
    allowed: bool
    message: str
    warnings: list[str]
    audit_annotations: dict[str, str]
    findings: list[tuple[Finding, Patch | None]] | None = None

    @classmethod
    def of(cls, response: dict[str, Any], findings: list[tuple[Finding, Patch | None]] | None = None) -> "Reviewed":
        """The answer in an AdmissionReview's `response`."""
        return cls(
            uid=response["uid"],
            allowed=response["allowed"],
            message=response.get("status", {}).get("message", ""),
            warnings=response.get("warnings", []),
            audit_annotations=response.get("auditAnnotations", {}),
            findings=findings,
        )

    @property
    def strongest(self) -> Mode:
        """The strongest mode that the answer shows."""
        if not self.allowed:
            return Mode.ENFORCE
        if self.warnings:
            return Mode.WARN
        return Mode.AUDIT if self.audit_annotations else Mode.OFF

"""The answer to a recorded review, as programs read it."""

from dataclasses import dataclass
from typing import Any

import msgspec

from gatewright.engine.decision import Finding, Mode
from gatewright.engine.fixes import Patch


class Status(msgspec.Struct, frozen=True):
    """The half of a denial that people read."""

    message: str = ""


class Response(msgspec.Struct, frozen=True, rename="camel"):
    """A webhook's verdict, as the API server takes it: `allowed` is a boolean, and there is no patch."""

    uid: str
    allowed: bool
    status: Status | None = None
    warnings: list[str] | None = None
    audit_annotations: dict[str, str] | None = None
    patch: Any = None


class Answered(msgspec.Struct, frozen=True):
    """An AdmissionReview that comes back."""

    response: Response


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
    def of(cls, response: Response, findings: list[tuple[Finding, Patch | None]] | None = None) -> "Reviewed":
        """The answer in an AdmissionReview."""
        return cls(
            uid=response.uid,
            allowed=response.allowed,
            message=response.status.message if response.status else "",
            warnings=response.warnings or [],
            audit_annotations=response.audit_annotations or {},
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

"""What is told of a decision, beside the decision."""

from typing import Protocol

from gatewright.engine.decision import Decision
from gatewright.model.review import AdmissionRequest


class Observe(Protocol):
    """Told of every answer, after it was made: whatever an observer does, the answer stays."""

    def __call__(self, request: AdmissionRequest | None, decision: Decision, seconds: float) -> None:
        """Takes note of a decision.

        Args:
            request: None where not even its uid could be read.
            decision: as it was answered.
            seconds: from the whole body to the answer; from the first byte where the body never was whole.
        """

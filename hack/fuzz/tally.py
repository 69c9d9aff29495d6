"""What came of all cases, and whether they were worth it: a campaign that never reaches a branch shows nothing."""

from collections import Counter
from dataclasses import dataclass, field

from fuzz.oracle.checks import BASELINE, RESTRICTED
from fuzz.oracle.verdict import LABELS

REVIEWS, TEXTS, CONFIGURATIONS = "reviews", "texts", "configurations"
OUTCOMES = {
    REVIEWS: (
        "allowed: clean",
        "allowed: audited or warned",
        "allowed: not judged",
        "denied: violations",
        "denied: malformed",
        "denied: too deep",
        "refused: no review",
        "refused: no uid",
    ),
    TEXTS: ("read alike", "read, not compared", "refused"),
    CONFIGURATIONS: ("taken", "refused", "refused: a strange key"),
}
"""What can come of a case; each must have come of some."""

CHECKS = (*BASELINE, *RESTRICTED, LABELS)
"""Each must have been violated, and not violated."""


@dataclass
class Tally:
    """Counts: cases by outcome, judged objects by the checks that they violate, and what was asked over TLS too."""

    outcomes: Counter[str] = field(default_factory=Counter)
    violated: Counter[str] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)
    remote: int = 0
    slowest: float = 0.0

    def add(self, other: "Tally") -> None:
        """Adds the counts of another part."""
        self.outcomes += other.outcomes
        self.violated += other.violated
        self.judged += other.judged
        self.remote += other.remote
        self.slowest = max(self.slowest, other.slowest)

    @property
    def cases(self) -> int:
        """How many cases there were."""
        return self.outcomes.total()

    def see(self, violated: frozenset[str], *, is_namespace: bool) -> None:
        """An object was judged."""
        self.violated.update(violated)
        self.judged["namespaces" if is_namespace else "pods"] += 1

    def unreached(self, subject: str) -> list[str]:
        """What never occurred."""
        missing = [outcome for outcome in OUTCOMES[subject] if not self.outcomes[outcome]]
        for check in CHECKS if subject == REVIEWS else ():
            judged = self.judged["namespaces" if check == LABELS else "pods"]
            if not self.violated[check]:
                missing.append(f"{check} violated")
            if self.violated[check] == judged:
                missing.append(f"{check} not violated")
        return missing

    @property
    def lines(self) -> list[str]:
        """The counts, for people."""
        lines = [f"  {name:<32}{number:>11,}" for name, number in sorted(self.outcomes.items())]
        if self.judged:
            lines.append(f"  of {self.judged.total():,} objects that were judged, violate")
            lines += [f"    {name:<30}{self.violated[name]:>11,}" for name in CHECKS]
        return lines

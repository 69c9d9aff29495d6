"""What the engine answers: findings under modes, and the Decision that they make."""

import base64
import enum
import hashlib
from dataclasses import dataclass, field

from gatewright.model.path import Path
from gatewright.policy import Level, Severity
from gatewright.policy.violation import Fix


class Mode(enum.IntEnum):
    """What a finding does: nothing, an audit annotation, a warning, a denial. Stronger ones are greater."""

    OFF = 0
    AUDIT = 1
    WARN = 2
    ENFORCE = 3

    def __str__(self) -> str:
        return self.name.lower()


SHOWN = frozenset(
    {
        "allowPrivilegeEscalation", "host", "hostIPC", "hostNetwork", "hostPID", "hostPort", "hostProcess", "hostUsers",
        "privileged", "procMount", "role", "runAsNonRoot", "runAsUser", "type", "user",
    }
)  # fmt: skip
"""Fields whose value is repeated to the requester. Never env, args, command, annotations, labels or data."""


class Failure(enum.StrEnum):
    """Why something could not be decided. Each is a finding of its own, under a mode as any other."""

    RAISED = "GW001"
    MALFORMED = "GW002"
    DEADLINE = "GW003"
    NAMESPACE = "GW004"
    STORE = "GW005"
    BODY = "GW006"


@dataclass(frozen=True, slots=True)
class Check:
    """The pod-security check behind a finding: upstream joins the findings of a level and version in one line."""

    level: Level
    version: str
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A violation in its place, under its mode.

    Attributes:
        policy: its id; of a failure that concerns more than one policy, the failure's.
        path: in the object that was submitted.
        value: the scalar that stands there, of the fields in `SHOWN` alone.
        about: the beginning of the message that names a container, or empty.
        failure: set where this is our failure to decide.
        cause: what a policy raised; for its author, and never shown to a requester or in a log.
    """

    policy: str
    severity: Severity
    mode: Mode
    path: Path
    message: str
    fix: Fix | None = None
    value: str | int | bool | None = None
    about: str = ""
    check: Check | None = None
    failure: Failure | None = None
    cause: BaseException | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Miss:
    """A read that found nothing: the caller may look again, live, and have the request judged once more."""

    kind: type
    namespace: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The findings of one request, strongest severity first, then by path; and what to tell besides."""

    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    misses: tuple[Miss, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether nothing that was found is enforced."""
        return all(finding.mode is not Mode.ENFORCE for finding in self.findings)

    def at(self, mode: Mode) -> tuple[Finding, ...]:
        """The findings of one mode."""
        return tuple(finding for finding in self.findings if finding.mode is mode)


def decision_of(findings: list[Finding], notes: tuple[str, ...] = (), misses: tuple[Miss, ...] = ()) -> Decision:
    """The Decision that findings make: equal ones keep the strongest mode."""
    strongest: dict[tuple[str, Path, str], Finding] = {}
    for finding in findings:
        if finding.mode is Mode.OFF:
            continue
        key = (finding.policy, finding.path, finding.message)
        known = strongest.get(key)
        if known is None or finding.mode > known.mode:
            strongest[key] = finding
    return Decision(tuple(sorted(strongest.values(), key=_order)), notes, misses)


def _order(finding: Finding) -> tuple[int, list[tuple[bool, int, str]], str, str]:
    steps = [(isinstance(step, str), step if isinstance(step, int) else 0, str(step)) for step in finding.path]
    return -finding.severity, steps, finding.policy, finding.message


def decision_id(uid: str) -> str:
    """The eight characters that name the decision in messages, logs, metrics and annotations alike."""
    return base64.b32encode(hashlib.sha256(uid.encode("utf-8", "surrogatepass")).digest()[:5]).decode().lower()

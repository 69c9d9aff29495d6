"""What the engine answers: findings under modes, and the Decision that they make."""

import enum
import functools
import hashlib
from typing import NamedTuple

import msgspec

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
        return self._name_.lower()  # past the property `name`, which is slow

    __hash__ = int.__hash__


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
    QUARANTINED = "GW007"


class Check(msgspec.Struct, frozen=True):
    """The pod-security check behind a finding: upstream joins the findings of a level and version in one line."""

    level: Level
    version: str
    reason: str


class Finding(msgspec.Struct, frozen=True):
    """A violation in its place, under its mode.

    Attributes:
        policy: its id; of a failure that concerns more than one policy, the failure's.
        path: in the object that was submitted.
        value: the scalar that stands there, of the fields in `SHOWN` alone.
        about: the beginning of the message that names a container, or empty.
        topic: the policy's: warnings of one topic are one line.
        failure: set where this is our failure to decide.
        cause: what a policy raised; for its author, and never shown to a requester or in a log.

    A Struct, as whatever is made on a denial is: it costs a tenth of a frozen dataclass.
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
    topic: str = ""
    failure: Failure | None = None
    cause: BaseException | None = None


class Miss(NamedTuple):
    """A read that found nothing: the caller may look again, live, and have the request judged once more."""

    kind: type
    namespace: str | None
    name: str


class Decision(msgspec.Struct, frozen=True):
    """The findings of one request, strongest severity first, then by path; and what to tell besides."""

    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    misses: tuple[Miss, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether nothing that was found is enforced."""
        for finding in self.findings:  # noqa: SIM110  # a generator costs three times as much, and it is asked often
            if finding.mode is Mode.ENFORCE:
                return False
        return True

    def at(self, mode: Mode) -> tuple[Finding, ...]:
        """The findings of one mode."""
        return tuple([finding for finding in self.findings if finding.mode is mode])


def decision_of(findings: list[Finding], notes: tuple[str, ...] = (), misses: tuple[Miss, ...] = ()) -> Decision:
    """The Decision that findings make: equal ones keep the strongest mode."""
    if not findings:
        return Decision((), notes, misses)
    strongest: dict[tuple[str, Path, str], Finding] = {}
    for finding in findings:
        if finding.mode is Mode.OFF:
            continue
        key = (finding.policy, finding.path, finding.message)
        known = strongest.get(key)
        if known is None or finding.mode > known.mode:
            strongest[key] = finding
    kept = list(strongest.values())
    try:
        kept.sort(key=_order)
    except TypeError:  # a policy that writes an index as a name: one place, and a step of two types
        kept.sort(key=_tolerant_order)
    return Decision(tuple(kept), notes, misses)


def _order(finding: Finding) -> tuple[int, Path, str, str]:
    return -finding.severity, finding.path, finding.policy, finding.message


def _tolerant_order(finding: Finding) -> tuple[int, list[tuple[bool, int, str]], str, str]:
    steps = [(isinstance(step, str), step if isinstance(step, int) else 0, str(step)) for step in finding.path]
    return -finding.severity, steps, finding.policy, finding.message


def decision_id(uid: str) -> str:
    """The eight characters that name the decision in messages, logs, metrics and annotations: 40 bits in base32."""
    return _kept_id(uid) if len(uid) <= KEPT_UID else _id(uid)


KEPT_UID = 64
"""Characters of a uid whose decision's id is kept until it was told: all that an API server gives."""


def _id(uid: str) -> str:
    bits = int.from_bytes(hashlib.sha256(uid.encode("utf-8", "surrogatepass")).digest()[:5], "big")
    return _PAIRS[bits >> 30] + _PAIRS[bits >> 20 & 1023] + _PAIRS[bits >> 10 & 1023] + _PAIRS[bits & 1023]


_kept_id = functools.lru_cache(64)(_id)
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"  # RFC 4648, in small letters
_PAIRS = [first + second for first in _BASE32 for second in _BASE32]  # base64.b32encode, in a third of its time

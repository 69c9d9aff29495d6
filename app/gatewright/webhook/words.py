"""What is told of a Decision whatever the request: kept, since a denied pod is asked for again and again.

A controller retries what was denied, and every pod of a Deployment offends as the first one did.
"""

import re
from typing import NamedTuple

import msgspec

from gatewright.engine import message
from gatewright.engine.decision import Decision
from gatewright.model.path import render

KEPT = 256
"""Decisions whose words are kept; then all of them are forgotten."""

MOST_FINDINGS, LONGEST = 16, 16384
"""Findings, and characters of a decision, that is kept: together with KEPT the bound on its memory."""


class Cause(msgspec.Struct, frozen=True):
    """One violation of a denial, for programs."""

    reason: str
    message: str
    field: str


class Found(msgspec.Struct, frozen=True, omit_defaults=True):
    """A finding in the log; `error` where it is our failure to decide."""

    policy: str
    mode: str
    path: str
    message: str
    error: bool = False


class Words(NamedTuple):
    """A Decision in words: of a denial what comes behind its head, and what counts there."""

    counts: str
    violations: str
    warnings: list[str]
    annotations: dict[str, str]
    causes: list[Cause]
    found: list[Found]


_kept: dict[tuple[object, ...], Words] = {}


def words(decision: Decision) -> Words:
    """The words of a decision; not to be changed by whoever gets them."""
    if len(decision.findings) > MOST_FINDINGS:
        return _words(decision)
    # Equal decisions may differ in words: True and 1 are equal.
    types = [(type(finding.value), type(getattr(finding.fix, "value", None))) for finding in decision.findings]
    key = (decision, *types)
    try:
        known = _kept.get(key)
    except TypeError:  # a fix that sets a list or an object has no hash
        return _words(decision)
    if known is None:
        known = _words(decision)
        is_small = len(repr(decision)) <= LONGEST  # what it is told in is no longer than what it holds, but for words
        if is_small and all(finding.cause is None for finding in decision.findings):
            if len(_kept) >= KEPT:
                _kept.clear()
            _kept[key] = known
    return known


def _words(decision: Decision) -> Words:
    warnings = message.warnings(decision)
    counts, violations = ("", "") if decision.allowed else message.violations(decision, len(warnings))
    return Words(
        counts=counts,
        violations=violations,
        warnings=warnings,
        annotations={_name(key): text for key, text in message.annotations(decision).items()},
        causes=[Cause(**cause) for cause in message.causes(decision)],
        found=[
            Found(finding.policy, str(finding.mode), render(finding.path), finding.message, finding.failure is not None)
            for finding in decision.findings
        ],
    )


_VALID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")


def _name(key: str) -> str:
    """The key as the name of an annotation: an invalid one would only show in the API server's log."""
    if _VALID.fullmatch(key):
        return key
    return re.sub(r"[^A-Za-z0-9._-]", "-", key)[:63].strip("._-") or "unnamed"

"""The words of a Decision: what a person reads at the terminal, and what programs find in the answer."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from gatewright.engine.decision import Decision, Failure, Finding, Mode, decision_id
from gatewright.model.cluster import Identity
from gatewright.model.path import render
from gatewright.model.review import AdmissionRequest, is_null
from gatewright.model.schema import Malformed, decode
from gatewright.model.text import escape, quote
from gatewright.policy.violation import Append, Fix, Set

LONGEST_DENIAL = 1500
"""Characters of a denial, about; then the rest is counted."""

LONGEST_WARNINGS = 4000
"""Characters of all warnings: past 4,096 the API server cuts each to 256 and drops further ones silently."""

FIX_WITHIN = 120
"""Characters of a warning that every client shows: what mends it is among them."""

LONGEST_PLACE = 250
"""Characters of one place: a key within a path can be as long as its author likes."""

MOST_NAMED = 5
"""Containers, or places, that one entry names."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Alike findings, told as one."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding that stands for them."""
        return self.findings[0]

    @property
    def text(self) -> str:
        """What is wrong: `containers "a", "b" run privileged`."""
        first = self.first
        if first.failure:
            blame = "" if first.failure is Failure.MALFORMED else "; this is not a fault of your manifest"
            return escape(f"gatewright could not decide ({first.message}){blame}")
        labels = list(dict.fromkeys(finding.about for finding in self.findings))
        if len(labels) == 1:
            return escape(first.message)
        names = [label.partition(" ")[2] for label in labels]
        listed = ", ".join(names[:MOST_NAMED]) + (f" and {len(names) - MOST_NAMED} more" if names[MOST_NAMED:] else "")
        return escape(f"containers {listed}{_plural(first.message[len(first.about) :])}")

    @property
    def places(self) -> list[str]:
        """Where: a line each, the value found behind it."""
        lines = [render(finding.path) + _found(finding) for finding in self.findings if finding.path]
        more = [f"{len(lines) - MOST_NAMED} more places"] if lines[MOST_NAMED:] else []
        return [_cut(escape(line)) for line in lines[:MOST_NAMED]] + more


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST_PLACE else f"{line[: LONGEST_PLACE - 1]}…"


def entries(findings: Iterable[Finding]) -> list[Entry]:
    """The findings, alike ones of several containers merged, in their order."""
    alike: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        key = (
            finding.policy,
            finding.severity,
            finding.mode,
            finding.message[len(finding.about) :],
            bool(finding.about),
            fix_text(finding.fix),
        )
        alike.setdefault(key if finding.about else (*key, finding.path), []).append(finding)
    return [Entry(tuple(group)) for group in alike.values()]


_THIRD_PERSON = re.compile(r"(?:(?<=[cs]h|ss|.x|do|go)e)?s$")


def _plural(words: str) -> str:
    """The rest of a sentence whose subject has become several: ` runs privileged` → ` run privileged`."""
    space, verb, rest = words.partition(words.strip().partition(" ")[0])
    irregular = {"is": "are", "has": "have"}
    return space + (irregular.get(verb) or _THIRD_PERSON.sub("", re.sub("ies$", "y", verb))) + rest


def _found(finding: Finding) -> str:
    value = finding.value
    if value is None:
        return ""
    return f" = {quote(value) if isinstance(value, str) else json.dumps(value)}"


def fix_text(fix: Fix | None) -> str:
    """The fix in words, or nothing."""
    match fix:
        case Set(value):
            return f"set it to {escape(json.dumps(value, ensure_ascii=False))}"
        case Append(value):
            return f"add {escape(json.dumps(value, ensure_ascii=False))}"
        case None:
            return ""
        case _:
            return "remove it"


def subject(request: AdmissionRequest) -> str:
    """What is judged, as the person sent it: `Deployment shop/web`."""
    kind = (request.request_kind or request.kind).kind
    name = request.name or _generated(request)
    place = "" if kind == "Namespace" or not request.namespace else f"{request.namespace}/"
    part = f" ({request.sub_resource})" if request.sub_resource else ""
    return escape(f"{kind} {place}{name}{part}")


def _generated(request: AdmissionRequest) -> str:
    try:
        metadata = decode(Identity, request.old_object if is_null(request.object) else request.object).metadata
    except Malformed:
        return "(unnamed)"
    return metadata.name or (f"{metadata.generate_name}*" if metadata.generate_name else "(unnamed)")


def denial(request: AdmissionRequest, decision: Decision) -> str:
    """The message of a denial: all violations at once, each with its place and its fix, in about 1.5 KB."""
    enforced = entries(decision.at(Mode.ENFORCE))
    undecided = sum(entry.first.failure is not None for entry in enforced)
    counts = [
        _count(len(enforced) - undecided, "violation"),
        f"{undecided} not decided" if undecided else "",
        _count(len(warnings(decision)), "warning"),
    ]
    head = f"{subject(request)}: {', '.join(filter(None, counts))} [decision {decision_id(request.uid)}]"
    blocks: list[str] = []
    for number, entry in enumerate(enforced, 1):
        block = "\n".join(_lines(number, entry))
        if blocks and len(head) + sum(map(len, blocks)) + len(block) > LONGEST_DENIAL:
            blocks.append(f"+{len(enforced) - number + 1} more: gatewright scan FILE lists them all")
            break
        blocks.append(block)
    known = next((entry.first.policy for entry in enforced if not entry.first.failure), None)
    why = [f"Why, and what is allowed: gatewright policies {known}"] if known else []
    return "\n".join([head, *blocks, *why])


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


def _lines(number: int, entry: Entry) -> Iterator[str]:
    first = entry.first
    yield f"{number:>2}. {_title(first)}: {entry.text}"
    for place in entry.places:
        yield f"    at {place}"
    if first.fix:
        yield f"    fix: {fix_text(first.fix)}"


def _title(finding: Finding) -> str:
    return str(finding.failure) if finding.failure else f"{finding.policy} ({finding.severity})"


def warnings(decision: Decision) -> list[str]:
    """The warnings: one a policy, the pod-security checks of a version joined as upstream joins them."""
    lines = [*_joined(decision.at(Mode.WARN)), *map(escape, decision.notes)]
    length = 0
    for number, line in enumerate(lines):
        length += len(line)
        if length > LONGEST_WARNINGS:
            more = _count(len(lines) - number, "more warning")
            return [*lines[:number], f"+{more}: gatewright scan FILE lists them all"]
    return lines


def _joined(findings: Iterable[Finding]) -> Iterator[str]:
    checks = [finding for finding in findings if finding.check and not finding.failure]
    rest = [finding for finding in findings if not finding.check or finding.failure]
    checks.sort(key=lambda finding: (finding.check and (finding.check.version, finding.check.level), finding.policy))
    for version, group in groupby(checks, key=lambda finding: finding.check and finding.check.version):
        members = list(group)
        level = max(finding.check.level for finding in members if finding.check)
        parts = (_reason(list(alike)) for _, alike in groupby(members, key=lambda finding: finding.policy))
        yield f'would violate PodSecurity "{level}:{version}": {", ".join(parts)}'
    told: dict[str, list[Finding]] = {}
    for finding in sorted(rest, key=lambda finding: finding.failure is not None):
        told.setdefault(finding.failure or finding.policy, []).append(finding)
    for alike in told.values():
        yield _line(entries(alike))


def _reason(findings: list[Finding]) -> str:
    check = findings[0].check
    return f"{check.reason if check else ''} ({', '.join(entry.text for entry in entries(findings))})"


def _line(merged: list[Entry]) -> str:
    first = merged[0]
    title = first.first.failure or first.first.policy
    text = ", ".join(entry.text for entry in merged)
    fix = fix_text(first.first.fix)
    what = f"{title}: {text}; fix: {fix}" if fix else f"{title}: {text}"
    if fix and len(what) > FIX_WITHIN:
        what = f"{title}: fix: {fix}; {text}"
    number = sum(bool(finding.path) for entry in merged for finding in entry.findings)
    place = next((place for entry in merged for place in entry.places), "")
    more = f" and {number - 1} more" if number > 1 else ""
    at = f" (at {place}{more})" if place else ""
    return f"{what}{at}"


def annotations(request: AdmissionRequest, decision: Decision) -> dict[str, str]:
    """The audit annotations: the decision's id, what denied it, and the findings of mode audit by policy."""
    if not decision.findings:
        return {}
    found = {"decision": decision_id(request.uid)}
    if not decision.allowed:
        found["denied"] = ", ".join(dict.fromkeys(finding.policy for finding in decision.at(Mode.ENFORCE)))
    audited = sorted(decision.at(Mode.AUDIT), key=lambda finding: finding.policy)
    for policy, alike in groupby(audited, key=lambda finding: finding.policy):
        found[policy] = _line(entries(alike)).partition(": ")[2]
    return found


def causes(decision: Decision) -> list[dict[str, str]]:
    """`status.details.causes`: one of each violation that denies, its policy as the reason."""
    return [
        {"field": render(finding.path), "reason": finding.policy, "message": entry.text}
        for finding in decision.at(Mode.ENFORCE)
        for entry in [Entry((finding,))]
    ]

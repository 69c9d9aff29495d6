"""The words of a Decision: what a person reads at the terminal, and what programs find in the answer."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from gatewright.engine.decision import Decision, Finding, Mode, decision_id
from gatewright.engine.entry import MOST_NAMED, Entry, entries, fix_text, shortened
from gatewright.model.cluster import Identity
from gatewright.model.path import render
from gatewright.model.review import AdmissionRequest, is_null
from gatewright.model.schema import Malformed, decode

LONGEST_DENIAL = 1400
"""Characters of a denial behind its head, about; then the rest is counted."""

LONGEST_WARNINGS = 4000
"""Characters of all warnings: past 4,096 the API server cuts each to 256 and drops further ones silently."""

FIX_WITHIN = 120
"""Characters of a warning that every client shows: what mends it is among them."""

LONGEST_SUBJECT = 400
"""Characters: a kind, a namespace and a name, each as long as the API server takes them."""


def subject(request: AdmissionRequest) -> str:
    """What is judged, as the person sent it: `Deployment shop/web`."""
    kind = (request.request_kind or request.kind).kind
    name = request.name or _generated(request)
    place = "" if kind == "Namespace" or not request.namespace else f"{request.namespace}/"
    part = f" ({request.sub_resource})" if request.sub_resource else ""
    return shortened(f"{kind} {place}{name}{part}", LONGEST_SUBJECT)


def _generated(request: AdmissionRequest) -> str:
    try:
        metadata = decode(Identity, request.old_object if is_null(request.object) else request.object).metadata
    except Malformed:
        return "(unnamed)"
    return metadata.name or (f"{metadata.generate_name}*" if metadata.generate_name else "(unnamed)")


def denial(request: AdmissionRequest, counts: str, violations: str) -> str:
    """The message of a denial: what is denied, then all that is wrong with it at once.

    Args:
        request: what is denied.
        counts: of violations and warnings, in words.
        violations: each with its place and its fix.
    """
    return f"{subject(request)}: {counts} [decision {decision_id(request.uid)}]\n{violations}"


def violations(decision: Decision, warned: int) -> tuple[str, str]:
    """What denies, counted and told, in about 1.4 KB.

    Args:
        decision: a denial.
        warned: how many warnings come beside it.
    """
    enforced = entries(decision.at(Mode.ENFORCE))
    undecided = sum(entry.first.failure is not None for entry in enforced)
    counts = [
        _count(len(enforced) - undecided, "violation"),
        f"{undecided} not decided" if undecided else "",
        _count(warned, "warning"),
    ]
    blocks: list[str] = []
    for number, entry in enumerate(enforced, 1):
        block = "\n".join(_lines(number, entry))
        if blocks and sum(map(len, blocks)) + len(block) > LONGEST_DENIAL:
            blocks.append(f"+{len(enforced) - number + 1} more: gatewright scan FILE lists them all")
            break
        blocks.append(block)
    known = next((entry.first.policy for entry in enforced if not entry.first.failure), None)
    why = [f"Why, and what is allowed: gatewright policies {known}"] if known else []
    return ", ".join(filter(None, counts)), "\n".join([*blocks, *why])


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
    """The warnings: one a policy or a topic, the pod-security checks of a version joined as upstream joins them."""
    lines = [shortened(line, LONGEST_WARNINGS // 2) for line in (*_joined(decision.at(Mode.WARN)), *decision.notes)]
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
    told: dict[str, dict[str, list[Finding]]] = {}
    for finding in sorted(rest, key=lambda finding: finding.failure is not None):
        title = finding.failure or finding.policy
        about = title if finding.failure else finding.topic or title
        told.setdefault(about, {}).setdefault(title, []).append(finding)
    for of_one in told.values():
        yield "; ".join(_line(entries(alike)) for alike in of_one.values())


def _reason(findings: list[Finding]) -> str:
    check = findings[0].check
    return f"{check.reason if check else ''} ({_listed([entry.text for entry in entries(findings)])})"


def _listed(texts: list[str]) -> str:
    more = f" and {len(texts) - MOST_NAMED} more" if texts[MOST_NAMED:] else ""
    return ", ".join(texts[:MOST_NAMED]) + more


def _line(merged: list[Entry]) -> str:
    first = merged[0]
    title = first.first.failure or first.first.policy
    text = _listed([entry.text for entry in merged])
    fix = fix_text(first.first.fix)
    what = f"{title}: {text}; fix: {fix}" if fix else f"{title}: {text}"
    if fix and len(what) > FIX_WITHIN:
        what = f"{title}: fix: {fix}; {text}"
    number = sum(bool(finding.path) for entry in merged for finding in entry.findings)
    place = next((place for entry in merged for place in entry.places), "")
    more = f" and {number - 1} more" if number > 1 else ""
    at = f" (at {place}{more})" if place else ""
    return f"{what}{at}"


def annotations(decision: Decision) -> dict[str, str]:
    """The audit annotations: what denied it, and the findings of mode audit by policy."""
    found = {}
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
        for entry in (Entry((finding,)),)
    ]

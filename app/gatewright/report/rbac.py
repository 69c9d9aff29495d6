"""Who may do what: as lines for people, and as documents for programs."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from rich.text import Text

from gatewright.engine.decision import Finding
from gatewright.engine.gained import Gain, granted_by
from gatewright.engine.message import subject
from gatewright.engine.scan import Scanned
from gatewright.model.path import render
from gatewright.model.rbac import PolicyRule
from gatewright.model.rbac_rules import Request
from gatewright.model.rbac_subjects import MASTERS, AnyBinding, AnyRole, Grant
from gatewright.model.rbac_words import named, titled, told
from gatewright.model.text import escape
from gatewright.policy import Severity
from gatewright.report.json import VERSION

STYLES = {Severity.CRITICAL: "bold red", Severity.HIGH: "red", Severity.MEDIUM: "yellow", Severity.LOW: "cyan"}

Risky = tuple[Scanned, Finding]
"""A finding at the object that it is in."""

ALMIGHTY = f"the group {MASTERS} may do everything without a rule"


def worst_first(one: Risky) -> tuple[object, ...]:
    """By what risks are sorted."""
    scanned, finding = one
    return -finding.severity, finding.policy, scanned.request.namespace, scanned.request.name, finding.message


def said(one: Risky) -> tuple[object, ...]:
    """What a finding says, in whichever object."""
    finding = one[1]
    return finding.policy, finding.severity, finding.message


def holders(found: Iterable[Grant], request: Request) -> Iterator[Text]:
    """A line for each subject that may make a request, and by what."""
    grants = list(found)
    for grant in grants:
        who = named(grant.subject, grant.binding.namespace or "")
        yield Text.assemble((escape(who), "bold"), f": {_path(grant)}")
    if not grants:
        yield Text(f"nobody may {_asked(request)}")
    yield Text(f"and whoever is in the group {MASTERS}, who may do everything without a rule", "dim")


def answer(grant: Grant | None, request: Request, *, is_master: bool) -> Text:
    """Whether somebody may make a request, and by what."""
    if is_master:
        return Text.assemble(("yes", "green"), f": {ALMIGHTY}")
    if grant is None:
        return Text.assemble(("no", "red"), f": nothing lets them {_asked(request)}")
    return Text.assemble(("yes", "green"), f": {_path(grant)}")


def rules(found: Collection[tuple[str | None, Grant]], *, is_master: bool) -> Iterator[Text]:
    """All that somebody may do, by where."""
    for namespace, grant in found:
        yield Text.assemble((_where(namespace), "bold"), f": {told(grant.rule)} ({_path(grant)})")
    if is_master:
        yield Text(ALMIGHTY)
    elif not found:
        yield Text("nothing")


def _where(namespace: str | None) -> str:
    return "everywhere" if namespace is None else escape(f"in {namespace}")


def risks(found: Iterable[Risky]) -> Iterator[Text]:
    """The findings, one a line."""
    for one, finding in found:
        title = f"{finding.severity!s:<9}"
        yield Text.assemble(
            (title, STYLES[finding.severity]), f"{finding.policy}  ", (subject(one.request), "bold"),
            f": {escape(finding.message)}",
        )  # fmt: skip


def gains(found: Iterable[Gain]) -> Iterator[Text]:
    """What is newly given, one a line."""
    for gain in found:
        rules = "; ".join(map(told, gain.rules))
        by = f"{titled(gain.binding)}, rules[{gain.number}] of {titled(gain.role)}"
        yield Text.assemble(
            ("+ ", "green"), (escape(gain.subject), "bold"), f" {_where(gain.namespace)}: {rules} ({by})"
        )


def counted(found: Collection[Risky]) -> Iterator[Text]:
    """The last line of the risks."""
    counts = Counter(finding.severity for _, finding in found)
    told = ", ".join(f"{counts[severity]} {severity}" for severity in reversed(Severity))
    yield Text(f"{_number(len(found), 'risk')}: {told}")


def gained(found: Collection[Gain], new: Collection[Risky]) -> Iterator[Text]:
    """The last line of a difference."""
    subjects = len({gain.subject for gain in found})
    some = f"{_number(subjects, 'subject')} newly granted something" if found else "nothing is newly granted"
    yield Text(f"{some}, {_number(len(new), 'new risk')}")


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def held_document(namespace: str | None, grant: Grant) -> dict[str, Any]:
    """A rule that somebody has, for programs."""
    return {"namespace": namespace, **grant_document(grant), "grants": rule_document(grant.rule)}


def _path(grant: Grant) -> str:
    return f"{titled(grant.binding)}, rules[{granted_by(grant)}] of {titled(grant.role)}"


def _asked(request: Request) -> str:
    if request.path is not None:
        return escape(f"{request.verb} {request.path}")
    group = f".{request.group}" if request.group else ""
    part = f"/{request.subresource}" if request.subresource else ""
    name = f" {request.name}" if request.name else ""
    where = f" in namespace {request.namespace}" if request.namespace else ""
    return escape(f"{request.verb} {request.resource}{group}{part}{name}{where}")


def document(kind: str, items: Iterable[dict[str, Any]], errors: Iterable[Any] = ()) -> dict[str, Any]:
    """A whole document; `kind` is the name of its list."""
    found = [{"source": one.source, "line": one.line, "message": one.message} for one in errors]
    return {"version": VERSION, kind: list(items), "errors": found}


def grant_document(grant: Grant) -> dict[str, Any]:
    """A grant for programs."""
    within = grant.binding.namespace or ""
    return {
        "subject": {"kind": grant.subject.kind, "name": grant.subject.name, "namespace": _owner(grant, within)},
        "binding": _reference(grant.binding),
        "role": _reference(grant.role),
        "rule": granted_by(grant),
    }


def _owner(grant: Grant, within: str) -> str | None:
    return (grant.subject.namespace or within) if grant.subject.kind == "ServiceAccount" else None


def _reference(item: AnyRole | AnyBinding) -> dict[str, Any]:
    return {"kind": type(item).__name__, "namespace": item.namespace, "name": item.name}


def rule_document(rule: PolicyRule) -> dict[str, Any]:
    """A rule as RBAC writes it."""
    fields = zip(rule.__struct_fields__, rule.__struct_encode_fields__, strict=True)
    return {wire: list(getattr(rule, name)) for name, wire in fields if getattr(rule, name)}


def gain_document(gain: Gain) -> dict[str, Any]:
    """What is newly given, for programs."""
    return {
        "subject": gain.subject,
        "namespace": gain.namespace,
        "rules": [rule_document(rule) for rule in gain.rules],
        "binding": _reference(gain.binding),
        "role": _reference(gain.role),
        "rule": gain.number,
    }


def risk_document(one: Scanned, finding: Finding) -> dict[str, Any]:
    """A finding for programs."""
    return {
        "policy": finding.policy,
        "severity": str(finding.severity),
        "source": one.document.source,
        "kind": one.request.kind.kind,
        "namespace": one.request.namespace or None,
        "name": one.request.name,
        "path": render(finding.path),
        "message": escape(finding.message),
    }

"""Alike findings, told as one: what is wrong, where, and what mends it."""

import json
import re
from collections.abc import Iterable
from typing import NamedTuple

from gatewright.engine.decision import Failure, Finding
from gatewright.model.path import render
from gatewright.model.schema import TOO_DEEP
from gatewright.model.text import escape, quote
from gatewright.policy.violation import Append, Fix, Set

LONGEST_PLACE = 250
"""Characters of one place: a key within a path can be as long as its author likes."""

MOST_NAMED = 5
"""Containers, places or alike violations that are named together."""


class Entry(NamedTuple):
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
            is_theirs = first.failure is Failure.MALFORMED or first.message.endswith(TOO_DEEP)
            blame = "" if is_theirs else "; this is not a fault of your manifest"
            return escape(f"gatewright could not decide ({first.message}){blame}")
        if len(self.findings) == 1:
            return escape(first.message)
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
        return [shortened(line, LONGEST_PLACE) for line in lines[:MOST_NAMED]] + more


def shortened(line: str, length: int) -> str:
    """The line, escaped, and no longer than that."""
    line = escape(line)
    return line if len(line) <= length else f"{line[: length - 1]}…"


def entries(findings: Iterable[Finding]) -> list[Entry]:
    """The findings, alike ones of several containers merged, in their order."""
    findings = tuple(findings)
    if len(findings) == 1:
        return [Entry(findings)]
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
    return f" = {quote(value) if isinstance(value, str) else _encode(value)}"


_encode = json.JSONEncoder(ensure_ascii=False).encode


def fix_text(fix: Fix | None) -> str:
    """The fix in words, or nothing."""
    match fix:
        case Set(value):
            return f"set it to {escape(_encode(value))}"
        case Append(value):
            return f"add {escape(_encode(value))}"
        case None:
            return ""
        case _:
            return "remove it"

"""What rules say of an outline: it is remembered, and said again of the next pod of it.

Only of a rule that found all it asked for in the outline, and of a built-in policy's: those are functions of what they
are given. A user's policy may look at the clock.
"""

from collections.abc import Collection
from itertools import islice
from typing import Any, NamedTuple

from msgspec import structs

from gatewright.engine.decision import Finding
from gatewright.engine.finding import finding_of
from gatewright.engine.places import Places
from gatewright.engine.rules import Rule
from gatewright.model.outline import MARK, UNKNOWN, LeftOut, outline_of, outlined
from gatewright.model.path import Path
from gatewright.model.pod import Pod

KEPT = 256
"""Outlines that are remembered, of all sets of rules together; the eldest are forgotten."""

FEW = 4
"""Rules that are asked sooner than they are remembered."""

MET = 4096
"""Outlines that are known to have come before, by their hashes."""

RARELY = 16
"""One of so many outlines takes the place of another."""

LARGEST = 32 * 1024
"""Bytes of an object whose outline is remembered."""

MOST_FINDINGS = 32
"""Of an outline that are remembered. The three together bound what anybody can make us keep."""

Rules = tuple[Rule, ...]


class Remembered(NamedTuple):
    """What is known of an outline.

    Attributes:
        rules: of which it is known.
        outspoken: those of them that may have something to say.
        unknown: those of which only the pod itself can tell what.
        findings: what the others say, with marks where it depends on the pod.
    """

    rules: Rules
    outspoken: Rules
    unknown: Rules
    findings: tuple[Finding, ...]

    def of(self, pod: Pod) -> list[Finding]:
        """What is said of a pod of the outline, but for what is unknown."""
        return [_of(pod, finding) if MARK in finding.message else finding for finding in self.findings]


def _of(pod: Pod, finding: Finding) -> Finding:
    """The finding, with the labels of containers where the marks are."""
    parts = finding.message.split(MARK)
    parts[1::2] = labels = [pod.containers[int(index)].label for index in parts[1::2]]
    return structs.replace(finding, message="".join(parts), about=finding.about and labels[0])


class Memory:
    """What is remembered."""

    def __init__(self) -> None:
        self._kept: dict[object, Remembered] = {}
        self._met: dict[int, None] = {}
        self._asked = 0

    def of(self, rules: Rules, pod: Pod, template: Path, absent: Collection[str]) -> Remembered | None:
        """What is known of a pod's outline, or None where nothing is. It is found out when an outline comes again: many
        never do, and that takes as long as to judge the pod.

        Args:
            rules: that are asked, always the same object for the same rules.
            pod: is judged.
            template: where its object keeps it.
            absent: which of what else rules ask for is None.
        """
        key = (id(rules), absent, outline_of(pod))
        remembered = self._kept.get(key)
        if remembered is None and self._has_met(hash(key)) and self._has_room():
            _make_room(self._kept, KEPT)
            remembered = self._kept[key] = _found_out(rules, pod, template, absent)  # holds the rules: their id stays
        return remembered

    def _has_met(self, number: int) -> bool:
        if number in self._met:
            return True
        _make_room(self._met, MET)
        self._met[number] = None
        return False

    def _has_room(self) -> bool:
        """Whether another one is taken in: always while there is room, else now and then. Where more than are kept come
        round and round, each would be gone when it comes again."""
        self._asked += 1
        return len(self._kept) < KEPT or self._asked % RARELY == 0


def _make_room(memory: dict[Any, Any], number: int) -> None:
    if len(memory) >= number:
        del memory[next(iter(memory))]


def _found_out(rules: Rules, pod: Pod, template: Path, absent: Collection[str]) -> Remembered:
    outline = outlined(pod)
    places = Places({Pod: outline}, template)
    outspoken: list[Rule] = []
    unknown: list[Rule] = []
    findings: list[Finding] = []
    for rule in rules:
        said = _said(rule, outline, places, absent) if rule.is_function else None
        if said != []:
            outspoken.append(rule)
        if said is None or len(findings) + len(said) > MOST_FINDINGS:
            unknown.append(rule)
        else:
            findings += said
    return Remembered(rules, tuple(outspoken), tuple(unknown), tuple(findings))


def _said(rule: Rule, outline: Pod, places: Places, absent: Collection[str]) -> list[Finding] | None:
    """What a rule says of every pod of an outline; None where it needs more than that."""
    before = LeftOut.raised
    try:
        arguments = {name: None if name in absent else UNKNOWN for name in rule.asks}
        violations = islice(rule.call(outline, **arguments), MOST_FINDINGS + 1)
        said = [finding_of(rule, violation, outline, places) for violation in violations]
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001  # whatever it is: the pod itself is judged then
        return None
    return said if LeftOut.raised == before else None

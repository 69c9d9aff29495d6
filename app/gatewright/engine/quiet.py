"""Rules that say nothing of pods of an outline: they are not asked again of the next pod of it.

A rule's silence is remembered, never what it says, and only that of a built-in policy: those are functions of what they
are given. A user's policy may look at the clock.
"""

from collections.abc import Collection

from gatewright.engine.rules import Rule
from gatewright.model.outline import UNKNOWN, LeftOut, outline_of, outlined
from gatewright.model.pod import Pod

KEPT = 256
"""Outlines that are remembered, of all sets of rules together; the eldest are forgotten."""

LARGEST = 32 * 1024
"""Bytes of an object whose outline is remembered. With the number that bounds what anybody can make us keep."""


Rules = tuple[Rule, ...]


class Quiet:
    """What is remembered."""

    def __init__(self) -> None:
        self._kept: dict[object, tuple[Rules, Rules]] = {}

    def outspoken(self, rules: Rules, pod: Pod, absent: Collection[str]) -> Rules:
        """Those of a set of rules that may have something to say of a pod.

        Args:
            rules: always the same object for the same rules.
            pod: is judged.
            absent: which of what else rules ask for is None.
        """
        key = (id(rules), absent, outline_of(pod))
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            outline = outlined(pod)
            outspoken = tuple(rule for rule in rules if not (rule.is_function and _is_silent(rule, outline, absent)))
            kept = self._kept[key] = rules, outspoken  # with the rules in it, their id stays theirs
        return kept[1]


def _is_silent(rule: Rule, outline: Pod, absent: Collection[str]) -> bool:
    """Whether a rule has nothing to say of any pod of an outline."""
    before = LeftOut.raised
    try:
        arguments = {name: None if name in absent else UNKNOWN for name in rule.asks}
        says_something = any(True for _ in rule.call(outline, **arguments))
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001  # whatever it is: it is judged by the pod itself then
        return False
    return not says_something and LeftOut.raised == before

"""What an UPDATE changes: an old offender may be relabelled, scaled and removed, a new offence is judged."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec

from gatewright.engine.views import Views
from gatewright.model.path import find
from gatewright.model.pod import Pod, runs_something_new
from gatewright.model.schema import Malformed, plain
from gatewright.policy import Violation

LARGEST = 4 * 2**20
"""Bytes of a template; of a larger one that differs nothing is built to see whether it only says the same otherwise."""

Fingerprint = tuple[tuple[str, ...], bytes]


class Update:
    """The new object beside the old one; no UPDATE at all where there is no old one."""

    __slots__ = ("_new", "_old", "_starts")

    def __init__(self, new: Views, old: Views | None) -> None:
        self._new = new
        self._old = old
        self._starts: bool | None = None

    def starts_something_new(self) -> bool:
        """Whether pod-security's checks look at it: a Pod that runs something new, a template that changed."""
        if self._starts is None:
            self._starts = self._old is None or self._differs(self._old)
        return self._starts

    def _differs(self, old: Views) -> bool:
        try:
            before: Pod | None = old.get(Pod)
        except Malformed:
            return True
        after: Pod = self._new.get(Pod)
        if before is None:
            return True
        if after.is_template:
            return is_changed(old.template(), self._new.template())
        return runs_something_new(before.template, after.template)

    def old_violations(self, view: type, check: Callable[[Any], list[Violation]]) -> Counter[Fingerprint]:
        """What the old object already violates; nothing where it cannot be read."""
        old = self._old
        try:
            subject = old.get(view) if old else None
            return (
                Counter(_fingerprint(old, violation) for violation in check(subject)) if old and subject else Counter()
            )
        except Malformed:
            return Counter()

    def new_among(self, violations: list[Violation], before: Counter[Fingerprint]) -> list[Violation]:
        """The violations that the old object did not have."""
        left = before.copy()
        new = []
        for violation in violations:
            mark = _fingerprint(self._new, violation)
            if left[mark] > 0:
                left[mark] -= 1
            else:
                new.append(violation)
        return new


def is_changed(before: bytes, after: bytes) -> bool:
    """Whether a template says something else: what has no model can be what changed."""
    if before == after:
        return False
    return max(len(before), len(after)) > LARGEST or plain(before) != plain(after)


def _fingerprint(views: Views, violation: Violation) -> Fingerprint:
    """Where a violation is, items by their names if any since indexes shift, and the value that is there."""
    path = views.path_of(violation.node) + violation.field
    raw = views.raw()
    steps = tuple(_step(find(raw, path[:depth]), path[depth]) for depth in range(len(path)))
    return steps, msgspec.json.encode(find(raw, path), order="deterministic")


def _step(holder: Any, step: str | int) -> str:
    if not isinstance(holder, list):
        return str(step)
    item = find(holder, (step,))
    name = item.get("name") if isinstance(item, dict) else None
    return f"[{name}]" if isinstance(name, str) else "[]"

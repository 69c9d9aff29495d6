"""What a policy yields: what is wrong, where, and the change that mends it."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from gatewright.model import path
from gatewright.model.schema import Node
from gatewright.policy.severity import Severity


class Set(msgspec.Struct, frozen=True):
    """The fix that gives the field this value."""

    value: Any


class Append(msgspec.Struct, frozen=True):
    """The fix that adds this item to the list at the field."""

    value: Any


class Remove(msgspec.Struct, frozen=True):
    """The fix that takes the field away."""


REMOVE: Final = Remove()
Fix = Set | Append | Remove


_kept = functools.lru_cache(1024)(path.parse)  # a policy writes the same few fields again and again


def _parsed(field: str) -> path.Path:
    return _kept(field) if len(field) <= 100 else path.parse(field)  # a key in it can be as long as its author likes


@dataclass(slots=True, init=False)  # not frozen: that would triple what making one costs
class Violation:
    """One thing that is wrong.

    Attributes:
        node: the thing of the object that is wrong: an item of a list, a spec, a metadata or the object itself. Parts
            below it are shared between objects where they are absent, so they are refused.
        field: the path below the node, as a string in the grammar of paths or as a tuple of names and indexes.
        message: one sentence without a full stop. It begins with `container.label` and a verb in the third person
            where it is about a container, so that alike ones of several containers can be told as one.
        severity: the policy's own where None.
        fix: the change at the field that mends it, or None where there is no one such change.
    """

    node: Node
    field: path.Path
    message: str
    severity: Severity | None
    fix: Fix | None

    def __init__(
        self,
        node: Node,
        field: str | path.Path,
        message: str,
        *,
        severity: Severity | None = None,
        fix: Fix | None = None,
    ) -> None:
        if not isinstance(node, Node):
            raise TypeError(
                "a violation points at an item of a list, a spec, a metadata or the object, "
                f"not at {type(node).__name__}"
            )
        if not isinstance(message, str):
            raise TypeError(f"a violation's message is a string, not {type(message).__name__}")
        self.node = node
        self.field = _parsed(field) if isinstance(field, str) else field
        self.message = message
        self.severity = severity
        self.fix = fix


Violations = Iterator[Violation]
"""What a policy's function returns: it is a generator."""

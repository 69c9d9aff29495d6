"""Fixes as JSON Patches (RFC 6902) on the object that was submitted."""

import copy
from typing import Any

from gatewright.engine.decision import Finding
from gatewright.model.path import Path, find, pointer
from gatewright.policy.violation import Append, Remove, Set

Patch = list[dict[str, Any]]
_ABSENT: Any = object()


def patch_of(finding: Finding, document: Any) -> Patch | None:
    """The patch that carries out a finding's fix on the document, or None where it has none or there is no such place.

    The document itself is not mended: it cannot be removed from itself.
    """
    if not finding.path:
        return None
    match finding.fix:
        case Remove():
            there = find(document, finding.path, _ABSENT) is not _ABSENT
            return [{"op": "remove", "path": pointer(finding.path)}] if there else None
        case Set(value):
            return _put(finding.path, value, document)
        case Append(value):
            items = find(document, finding.path)
            return _put(finding.path, [*items, value] if isinstance(items, list) else [value], document)
        case _:
            return None


def _put(path: Path, value: Any, document: Any) -> Patch:
    """Replaces what is at the path, or adds it with the objects around it that are missing."""
    if find(document, path, _ABSENT) is not _ABSENT:
        return [{"op": "replace", "path": pointer(path), "value": value}]
    depth = next(depth for depth in range(len(path) - 1, -1, -1) if find(document, path[:depth]) is not None)
    for step in reversed(path[depth + 1 :]):
        value = {step: value}
    return [{"op": "add", "path": pointer(path[: depth + 1]), "value": value}]


def apply(patch: Patch, document: Any) -> Any:
    """A copy of the document with the patch carried out: the operations that `patch_of` makes, on paths that exist."""
    changed = copy.deepcopy(document)
    for operation in patch:
        *holders, last = (step.replace("~1", "/").replace("~0", "~") for step in operation["path"].split("/")[1:])
        holder = changed
        for step in holders:
            holder = holder[int(step) if isinstance(holder, list) else step]
        key = int(last) if isinstance(holder, list) else last
        if operation["op"] == "remove":
            del holder[key]
        else:
            holder[key] = operation["value"]
    return changed

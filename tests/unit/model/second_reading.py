"""A second reading of objects, by walks over plain dicts: what the typed views are held against."""

import types
import typing
from collections.abc import Iterator
from typing import Any

import msgspec

from gatewright.model.path import Path, render
from gatewright.model.pod import CONTAINER_LISTS
from gatewright.model.schema import Present

LEVELS = {"privileged", "baseline", "restricted"}


def generic(path: Path) -> Path:
    """The path, items as `*`."""
    return tuple("*" if isinstance(step, int) else step for step in path)


def places(value: Any, at: Path = ()) -> Iterator[Path]:
    """Every place in plain dicts and lists."""
    yield at
    for step, child in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from places(child, (*at, step))


def modelled(hint: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every place below a type that is read, items as `*` and entries as `{}`, with the type that stands there."""
    options = [option for option in typing.get_args(hint) if option is not types.NoneType]
    if isinstance(hint, types.UnionType) and len(options) == 1:
        (hint,) = options
    yield at, hint
    if typing.get_origin(hint) is tuple:
        yield from modelled(typing.get_args(hint)[0], (*at, "*"))
    elif typing.get_origin(hint) is dict:
        yield (*at, "{}"), typing.get_args(hint)[1]
    elif isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        hints = typing.get_type_hints(hint)
        for name, wire in zip(hint.__struct_fields__, hint.__struct_encode_fields__, strict=True):
            yield from modelled(hints[name], (*at, wire))


def misplaced(known: dict[Path, Any], path: Path, value: Any) -> Path | None:
    """Where a value, put at a path, is of a wrong type by what is `modelled` there; None where it is right."""
    hint = known.get(generic(path)) or known.get((*generic(path)[:-1], "{}"))
    if hint is None or value is None:
        return None
    if isinstance(hint, types.UnionType):
        return None if type(value) in typing.get_args(hint) else path
    if hint in {int, str, bool}:
        whole = int if type(value) is float and value.is_integer() else type(value)
        return None if whole is hint else path
    if typing.get_origin(hint) is tuple:
        if not isinstance(value, list):
            return path
        return misplaced(known, (*path, 0), value[0]) if value else None
    if not isinstance(value, dict):
        return path
    return misplaced(known, (*path, *value), value["a"]) if value else None


def agrees(view: Any, written: Any) -> bool:
    """Whether a view says of every modelled field what is written; null is the zero value."""
    if isinstance(view, Present):
        return isinstance(written, dict)
    if isinstance(view, msgspec.Struct):
        fields = zip(view.__struct_fields__, view.__struct_encode_fields__, strict=True)
        return all(agrees(getattr(view, name), (written or {}).get(wire)) for name, wire in fields)
    if written is None:
        return not view
    if isinstance(view, tuple):
        return isinstance(written, list) and len(view) == len(written) and all(map(agrees, view, written))
    if isinstance(view, dict):
        return bool(view == {key: "" if value is None else value for key, value in written.items()})
    return type(view) in {type(written), int} and bool(view == written)


def bad_labels(item: Any) -> set[str]:
    """Where a Namespace has a pod-security level that does not exist."""
    labels = (item.get("metadata") or {}).get("labels") or {}
    return {f"metadata.labels[{key}]" for key, value in labels.items() if "/" in key and value not in LEVELS}


def offences(pod: Any, at: Path) -> set[str]:
    """Where a pod shares namespaces of its node, takes a port of it, or runs privileged."""
    spec = (pod or {}).get("spec") or {}
    found = {render((*at, "spec", name)) for name in ("hostIPC", "hostPID", "hostNetwork") if spec.get(name)}
    for name in CONTAINER_LISTS:
        for index, container in enumerate(spec.get(name) or []):
            here = (*at, "spec", name, index)
            if ((container or {}).get("securityContext") or {}).get("privileged"):
                found.add(render((*here, "securityContext", "privileged")))
            for number, port in enumerate((container or {}).get("ports") or []):
                if (port or {}).get("hostPort"):
                    found.add(render((*here, "ports", number, "hostPort")))
    return found

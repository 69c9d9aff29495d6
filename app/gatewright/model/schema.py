"""How bytes become typed, frozen views, and where in the object a part of a view was.

The one place that knows wrong types and null. As the API server's own decoder has it, null is the zero value of its
field, an unknown field is ignored and a whole float is an integer; anything else of another type is a `Problem`.
"""

import functools
import types
import typing
from typing import Any, TypeVar

import msgspec

from gatewright.model.path import Path, render

T = TypeVar("T")


class Part(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """A value inside an object: read through the thing that holds it. Absent parts are one shared default."""


class Node(Part, frozen=True, rename="camel", gc=False):
    """A thing that a violation can point at: an item of a list, a spec, a metadata or the object itself."""


class Present(Part, frozen=True, rename="camel", gc=False):
    """An object of which only its presence matters."""


class Problem(typing.NamedTuple):
    """A place where an object is not what its kind says."""

    path: Path
    message: str

    def __str__(self) -> str:
        return f"{render(self.path) or 'the object'} {self.message}"


class Malformed(Exception):
    """An object that cannot be read as its kind.

    `problems` is never empty; the first one is the first in the object.
    """

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}")


_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    return decoder


def decode(kind: type[T], data: bytes | msgspec.Raw) -> T:
    """The JSON in `data` as a `kind`.

    Raises:
        Malformed: not UTF-8, not JSON, nested too deeply, or with a value of the wrong type.
        msgspec.ValidationError: a field is missing that has no default; only the AdmissionReview has such fields.
    """
    try:
        return typing.cast(T, _decoder(kind).decode(data))
    except msgspec.ValidationError:
        pass  # null or a wrong type: only the slow path below can tell them apart
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise _unreadable(error) from None
    problems: list[Problem] = []
    settled = _settle(kind, plain(data), (), problems)
    if problems:
        raise Malformed(problems)
    return msgspec.convert(settled, kind)


def plain(data: bytes | msgspec.Raw) -> Any:
    """The JSON in `data` as dicts, lists and scalars.

    Raises:
        Malformed: not UTF-8, not JSON, or nested too deeply.
    """
    try:
        return _decoder(Any).decode(data)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise _unreadable(error) from None


TOO_DEEP = "is nested too deeply"


def _unreadable(error: Exception) -> Malformed:
    if isinstance(error, RecursionError):
        return Malformed([Problem((), TOO_DEEP)])
    if isinstance(error, UnicodeDecodeError):
        return Malformed([Problem((), "is not UTF-8")])
    return Malformed([Problem((), f"is not JSON: {error}")])


WORDS = {bool: "a boolean", int: "an integer", str: "a string", list: "a list", dict: "an object", float: "a number"}


def _settle(kind: Any, value: Any, path: Path, problems: list[Problem]) -> Any:
    """`value` without its nulls, as a `kind`; every place of a wrong type is added to `problems`."""
    if kind is Any:
        return value
    if kind is msgspec.Raw:
        return msgspec.Raw(msgspec.json.encode(value))
    options = [option for option in typing.get_args(kind) if option is not types.NoneType]
    if isinstance(kind, types.UnionType):
        if value is None and types.NoneType in typing.get_args(kind):
            return None
        return _settle(next((one for one in options if one is type(value)), options[0]), value, path, problems)
    origin = typing.get_origin(kind)
    if origin is tuple:
        items = _typed(list, value, path, problems)
        return [_settle(options[0], item, (*path, index), problems) for index, item in enumerate(items)]
    if origin is dict:
        entries = _typed(dict, value, path, problems)
        return {key: _settle(options[1], entry, (*path, key), problems) for key, entry in entries.items()}
    if issubclass(kind, msgspec.Struct):
        entries, hints = _typed(dict, value, path, problems), _hints(kind)
        return {
            key: _settle(hints[key], entry, (*path, key), problems)
            for key, entry in entries.items()
            if key in hints and entry is not None
        }
    return _typed(kind, value, path, problems)


def _typed(kind: type[T], value: Any, path: Path, problems: list[Problem]) -> T:
    """`value` where it is a `kind`, else the zero value (and, but for null, a problem)."""
    if kind is int and isinstance(value, float) and value.is_integer() and abs(value) < 2**63:
        value = int(value)
    if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    if value is not None:
        problems.append(Problem(path, f"must be {WORDS[kind]}, not {WORDS[type(value)]}"))
    return kind()


@functools.cache
def _hints(kind: type[msgspec.Struct]) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {wire: hints[name] for name, wire in zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True)}


def read(value: Any, path: Path) -> Any:
    """What stands at a path below a view, or None where the view has nothing there.

    Maps hold what their author likes (labels, annotations): nothing is read out of them.
    """
    for step in path:
        if isinstance(value, msgspec.Struct):
            value = getattr(value, _attributes(type(value)).get(step, ""), None)
        elif isinstance(value, tuple):
            value = value[step] if isinstance(step, int) and step < len(value) else None
        else:
            return None
    return value


@functools.cache
def _attributes(kind: type[msgspec.Struct]) -> dict[str | int, str]:
    return dict(zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True))


def locate(root: object, prefix: Path = ()) -> dict[int, Path]:
    """The path of every node under `root`, by identity. A node is never shared, so its path is one."""
    found: dict[int, Path] = {}
    _locate(root, prefix, found)
    return found


def _locate(value: object, path: Path, found: dict[int, Path]) -> None:
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            _locate(item, (*path, index), found)
    elif isinstance(value, msgspec.Struct):
        if isinstance(value, Node):
            found[id(value)] = path
        for name, wire in _leading(type(value)):
            if child := getattr(value, name):
                _locate(child, (*path, wire), found)


@functools.cache
def _leading(kind: type[msgspec.Struct]) -> tuple[tuple[str, str], ...]:
    """The fields of a kind that may lead to a node, and how they are written; not one that a property stands before."""
    names = _attributes(kind)
    leading = [(names[wire], wire) for wire, hint in _hints(kind).items() if _has_nodes(hint)]
    return tuple((name, wire) for name, wire in leading if not isinstance(getattr(kind, name), property))


def _has_nodes(kind: Any) -> bool:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return issubclass(kind, Node) or bool(_leading(kind))
    return typing.get_origin(kind) is not dict and any(map(_has_nodes, typing.get_args(kind)))

"""Paths inside an object, in the one grammar of messages, cases and documents.

`spec.containers[0].image`, `metadata.annotations[key.with/dots]`: names are joined by dots, an index or a name that
is no plain word stands in brackets.
"""

import re
from typing import Any

Path = tuple[str | int, ...]

_STEP = re.compile(r"(?:^|(?<!^)\.)([^.\[\]]+)|\[([^\]]*)\]")
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
_PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]*")


def parse(text: str) -> Path:
    """The steps of a path.

    Raises:
        ValueError: the text is not in the grammar.
    """
    steps: list[str | int] = []
    end = 0
    for match in _STEP.finditer(text):
        if match.start() != end:
            break
        name, bracket = match.groups()
        steps.append(name if bracket is None else int(bracket) if _INDEX.fullmatch(bracket) else bracket)
        end = match.end()
    if end != len(text):
        raise ValueError(f"{text!r} is not a path; paths look like spec.containers[0].image")
    return tuple(steps)


def render(path: Path) -> str:
    """The text of a path, which `parse` reads back unless a name is a number or has a closing bracket."""
    text = ""
    for step in path:
        if isinstance(step, str) and ((step.isascii() and step.isidentifier()) or _PLAIN.fullmatch(step)):
            text += f".{step}" if text else step
        else:
            text += f"[{step}]"
    return text


def pointer(path: Path) -> str:
    """The path as a JSON Pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


_MISSING: Any = object()


def find(value: Any, path: Path, default: Any = None) -> Any:
    """What stands at `path` in plain dicts and lists, or `default` where the path ends before."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step, _MISSING)
        elif isinstance(value, list) and isinstance(step, int) and -1 < step < len(value):
            value = value[step]
        else:
            return default
        if value is _MISSING:
            return default
    return value

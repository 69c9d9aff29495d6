"""One JSON value out of a text, stricter where Python is lax, and its lines.

Python's decoder makes the values. Lines, and the place of what is refused, it cannot tell: a pass over the tokens does.
"""

from __future__ import annotations

import json
import math
import re
from itertools import chain
from typing import Any

from gatewright.engine.documents import yaml_values
from gatewright.engine.documents.lines import (
    MAX_DEPTH,
    MAX_VALUES,
    Lines,
    Place,
    Refused,
    duplicate,
    quoted,
    too_deep,
    too_many,
)

# Commas and colons say nothing that the order does not. A string without an end reaches to the end of the text.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[{}\[\]]|[^\s{}\[\],:"]++', re.DOTALL)
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def suspicious(text: str) -> bool:
    """Whether the text may hold what the decoder lets pass, or more than should be built before it is counted."""
    return sum(map(text.count, ",:[{")) >= MAX_VALUES or bool(_SURROGATE.search(text))


def read(text: str, start: int, line: int, *, look_first: bool) -> tuple[Any, int]:
    """The mapping or list that begins at `start`, which is at `line` of the file, and where it ends.

    Raises:
        json.JSONDecodeError: it is not JSON.
        Refused: it is JSON, but no document.
    """
    if text[start] not in "{[":  # behind another value, on a line of its own
        raise json.JSONDecodeError("Expecting a mapping or a list", text, start)
    if look_first:
        places(text, start, line)
    decoder = _Decoder()
    try:
        value, end = decoder.raw_decode(text, start)
    except RecursionError as error:
        places(text, start, line)
        raise too_deep(line) from error  # the caller left less of the interpreter's stack than the limit
    if decoder.doubtful or _depth(value) > MAX_DEPTH:
        places(text, start, line)
    return value, end


def places(text: str, start: int, line: int) -> Place:
    """The places of the mapping or list that begins at `start`, and of all within it.

    Raises:
        Refused: a key comes twice, a string is no text, a number is none, or it is all too deep or too much.
    """
    root: list[Place] = []
    open_in: list[dict[str, Place] | list[Place]] = [root]
    key: str | None = None  # its value comes next
    key_line = line
    values = 0
    counted = start
    for match in _TOKEN.finditer(text, start):
        token = match[0]
        line += text.count("\n", counted, match.start())
        counted = match.start()
        inner = open_in[-1]
        if token in "}]":
            open_in.pop()
            if len(open_in) == 1:
                break
            continue
        values += 1
        if values > MAX_VALUES:
            raise too_many(line)
        if isinstance(inner, dict) and key is None:
            key, key_line = _checked(token, line), line
            if key in inner:
                raise duplicate(line, key, inner[key])
            inner[key] = line
            continue
        own_line = key_line if isinstance(inner, dict) else line
        place: Place = own_line
        if token in "{[":
            if len(open_in) > MAX_DEPTH:
                raise too_deep(line)
            open_in.append({} if token == "{" else [])
            place = Lines(own_line, open_in[-1])
        else:
            _checked(token, line)
        if isinstance(inner, list):
            inner.append(place)
        elif key is not None:
            inner[key] = place
            key = None
    return root[0]


def end(text: str, start: int) -> int:
    """Where the mapping or list that begins at `start` ends: a refused one has to be passed."""
    depth = 0
    for match in _TOKEN.finditer(text, start):
        depth += (match[0] in "{[") - (match[0] in "}]")
        if depth == 0:
            return match.end()
    return len(text)


def _checked(token: str, line: int) -> str:
    """The text of a string, or the token of another scalar; Refused if Kubernetes cannot have it."""
    if token[0] != '"':
        if token in ("NaN", "Infinity", "-Infinity"):
            raise Refused(line, f"{token} is not JSON: quote it if text is meant")
        if _NUMBER.fullmatch(token) and math.isinf(float(token)):
            raise Refused(line, f"the number {quoted(token)} is too large")
        return token
    if "\\" not in token:
        return token[1:-1]
    try:
        text: str = json.loads(token)
        text.encode()
    except json.JSONDecodeError:
        return token  # the decoder says so, with the place
    except UnicodeEncodeError as error:
        half = f"\\u{ord(text[error.start]):04x}"
        raise Refused(line, f"{half} is half a character: write both halves, or the character itself") from error
    return text


class _Decoder(json.JSONDecoder):
    """Notes what `places` refuses, and goes on: only the end tells whether the text is JSON at all."""

    def __init__(self) -> None:
        super().__init__(
            object_pairs_hook=self._object,
            parse_int=self._integer,
            parse_float=self._real,
            parse_constant=self._constant,
        )
        self.doubtful = False

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        self.doubtful |= len(value) != len(pairs)
        return value

    def _integer(self, digits: str) -> yaml_values.Scalar:
        return yaml_values.value(int(digits)) if len(digits) <= 20 else self._real(digits)

    def _real(self, digits: str) -> yaml_values.Scalar:
        real = float(digits)
        self.doubtful |= math.isinf(real)
        return real if self.doubtful else yaml_values.value(real)

    def _constant(self, _name: str) -> None:
        self.doubtful = True


def _depth(value: Any) -> int:
    depth = 0
    layer = [value]
    while layer:
        depth += 1
        inner = chain.from_iterable(each.values() if isinstance(each, dict) else each for each in layer)
        layer = [each for each in inner if isinstance(each, dict | list)]
    return depth

"""JSON (RFC 8259) read a second time, as a webhook reads it: UTF-8 alone, of two equal keys the last one, any depth."""

import contextlib
import json
import re
from typing import Any, NamedTuple

LONG = 300
"""Digits from which on a number may be refused where it stands: no field of Kubernetes holds one."""

LONGEST = 4300
"""Digits of an integer that Python reads; a longer one is a float here, an infinite one."""

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"')
_WORDS = {"true": True, "false": False, "null": None}
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_HUGE = re.compile(rf"[0-9]{{{LONG}}}|[eE]\+?[0-9]{{3}}")


class Unread(Exception):
    """No JSON."""


class Text(NamedTuple):
    """The value of a JSON text.

    `is_doubtful`: a number in it is beyond what a double can hold, so that a reader may refuse the whole.
    """

    value: Any
    is_doubtful: bool


def read(body: bytes) -> Text:
    """The value of a body.

    Raises:
        Unread: it is not UTF-8, not JSON, or a string in it is no text.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise Unread("not UTF-8") from error
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise Unread("not JSON") from error
    except (RecursionError, ValueError):  # nested deeply, or an integer too long for Python
        value, _ = deep(text)
    if _SURROGATE.search(text):
        _check_text(text)
    return Text(value, bool(_HUGE.search(text)))


def _constant(name: str) -> Any:
    raise json.JSONDecodeError(f"{name} is not JSON", name, 0)


_DECODER = json.JSONDecoder(parse_constant=_constant)


def _check_text(text: str) -> None:
    """Refuses half a character: `\\ud800` that no other half follows."""
    for found in re.finditer(r'"(?:[^"\\]|\\.)*"', text, re.DOTALL):
        if _SURROGATE.search(found[0]):
            try:
                json.loads(found[0]).encode()
            except UnicodeEncodeError as error:
                raise Unread("half a character") from error


def deep(text: str) -> tuple[Any, int]:
    """The value of a text, however deep it nests, and how deep that is.

    Raises:
        Unread: it is no JSON.
    """
    reader = _Reader(text)
    try:
        return reader.read()
    except (ValueError, IndexError, KeyError) as error:
        raise Unread("not JSON") from error


def beginning(text: str) -> Any:
    """What can be read of a text before it breaks off, or breaks a rule."""
    reader = _Reader(text)
    with contextlib.suppress(ValueError, IndexError, KeyError):
        reader.read()
    return reader.root[0] if reader.root else None


class _Reader:
    """Reads without recursion, so that what was read until an error is there."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.root: list[Any] = []
        self.open: list[Any] = [self.root]
        self.keys: list[str] = []
        self.deepest = 0
        self.wants_value = True

    def read(self) -> tuple[Any, int]:
        while self.wants_value or len(self.open) > 1:
            if self.wants_value:
                self._value()
            else:
                self._next()
        self._skip()
        if self.at != len(self.text):
            raise ValueError("something follows")
        return self.root[0], self.deepest

    def _skip(self) -> str:
        """The next character that is no space; none at the end."""
        space = _SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at
        return self.text[self.at : self.at + 1]

    def _string(self) -> str:
        found = _STRING.match(self.text, self.at)
        if not found:
            raise ValueError("a string that does not end, or holds what none may")
        self.at = found.end()
        text: str = json.loads(found[0]) if "\\" in found[0] else found[0][1:-1]
        return text

    def _put(self, value: Any) -> None:
        holder = self.open[-1]
        if isinstance(holder, dict):
            holder[self.keys[-1]] = value
        else:
            holder.append(value)

    def _value(self) -> None:
        char = self._skip()
        self.wants_value = False
        if char in ("{", "["):
            opened: Any = {} if char == "{" else []
            self._put(opened)
            self.open.append(opened)
            self.keys.append("")
            self.deepest = max(self.deepest, len(self.open) - 1)
            self.at += 1
            if self._skip() == ("}" if char == "{" else "]"):
                self._close()
            else:
                self._key()
        elif char == '"':
            self._put(self._string())
        elif number := _NUMBER.match(self.text, self.at):
            self.at = number.end()
            whole = number[1] == number[0] and len(number[0]) <= LONGEST
            self._put(int(number[0]) if whole else float(number[0]))
        else:
            word = re.compile("[a-z]*").match(self.text, self.at)
            self._put(_WORDS[word[0] if word else ""])
            self.at += len(word[0] if word else "")

    def _key(self) -> None:
        """The key, in a mapping; a value comes next."""
        self.wants_value = True
        if isinstance(self.open[-1], dict):
            if self._skip() != '"':
                raise ValueError("a key is a string")
            self.keys[-1] = self._string()
            if self._skip() != ":":
                raise ValueError("a value follows its key")
            self.at += 1

    def _next(self) -> None:
        """What follows a value within a mapping or a list."""
        char = self._skip()
        if char == ",":
            self.at += 1
            self._key()
        elif char == ("}" if isinstance(self.open[-1], dict) else "]"):
            self._close()
        else:
            raise ValueError("neither a comma nor the end")

    def _close(self) -> None:
        self.at += 1
        self.open.pop()
        self.keys.pop()

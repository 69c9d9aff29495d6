"""An object's text: read in one pass for the hints of all shapes, and place by place only where there is one."""

import weakref
from collections.abc import Callable, Iterator
from typing import NamedTuple

import re2

from gatewright.policy import Pod, Violation, Violations

from ._names import CALLED
from ._params import Looked, Patterns
from ._places import Place, Subject, at_once, paths, places
from ._proofs import LATIN1, is_placeholder
from ._shapes import SHAPES

MOST_CANDIDATES = 1_000
"""Matches of one shape in one place that are looked into: text with more of them was made to cost time."""

MANY = "thousands of credentials"
"""What such text looks like."""

NONE = Patterns()

_hints = re2.Set.SearchSet(LATIN1)
for _shape in SHAPES:
    _hints.Add(_shape.hint.encode())
_NAMES = _hints.Add(f"(?i:{CALLED})".encode())
_hints.Compile()
_patterns = [re2.compile(shape.pattern.encode(), LATIN1) for shape in SHAPES]


class Look(NamedTuple):
    """The first look at an object: the bytes of its text, and which hints are in it."""

    size: int
    hints: frozenset[int]


def _look(subject: Subject) -> Look:
    text = _encoded(at_once(subject))
    return Look(len(text), frozenset(_hints.Match(text) or ()))


_latest: list[tuple[Callable[[], Pod | None], Look]] = []
"""The pod that was looked at last, as a weak reference, and what was seen: two policies look at every pod."""


def _looked(subject: Subject) -> Look:
    if not isinstance(subject, Pod):
        return _look(subject)
    for pod, look in _latest:
        if pod() is subject:
            return look
    look = _look(subject)
    _latest[:] = [(weakref.ref(subject), look)]
    return look


class Text:
    """The text of an object: a first look at all of it, then place by place up to the budget."""

    __slots__ = ("_look", "_params", "_subject")

    def __init__(self, subject: Subject, params: Looked) -> None:
        """Looks at the subject.

        Args:
            subject: whose text it is.
            params: what is left out, and the budget.
        """
        self._subject = subject
        self._params = params
        self._look = _looked(subject)

    def may_have_names(self) -> bool:
        """Whether what a credential may be called is anywhere in it."""
        return _NAMES in self._look.hints

    def may_have_credentials(self) -> bool:
        """Whether the hint of a shape is anywhere in it."""
        return bool(self._look.hints - {_NAMES})

    def parts(self) -> Iterator[tuple[Place, bytes]]:
        """The places, each with its text as far as the budget goes."""
        left = self._params.max_bytes
        for place in self._places():
            if left <= 0:
                return
            text = _encoded(place.text)
            yield place, text[:left]
            left -= len(text)

    def unread(self) -> Violations:
        """That not everything was read, at the first place of which that is so."""
        left = self._params.max_bytes
        if 2 * self._look.size <= left:  # a flag counts again with what it is given
            return
        for place in self._places():
            left -= len(_encoded(place.text))
            if left < 0:
                what = f"reaches past the first {self._params.max_bytes} bytes of text, and the rest was not read"
                yield Violation(place.node, place.field, place.told(what))
                return

    def _places(self) -> Iterator[Place]:
        ignored = self._params.ignore_paths
        for place in places(self._subject):
            if not ignored or not any(map(ignored.match, paths(self._subject, place))):
                yield place


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def candidates(pattern: "re2._Regexp", text: bytes) -> Iterator[tuple[int, int]]:
    """Where the first group of a pattern is in a text, one after the other."""
    start = 0
    while match := pattern.search(text, start):
        yield match.span(1)
        start = match.end(1)


def credentials(text: bytes, allowed: Patterns = NONE) -> list[str]:
    """The kinds of credentials that are in a text, but for those that are allowed."""
    kinds: list[str] = []
    taken: list[tuple[int, int]] = []
    for index in sorted({*(_hints.Match(text) or ())} - {_NAMES}):
        shape = SHAPES[index]
        for number, (start, end) in enumerate(candidates(_patterns[index], text)):
            if number == MOST_CANDIDATES:
                return [*kinds, MANY]
            if any(first <= start and end <= last for first, last in taken):
                continue  # a part of what was found already
            token = text[start:end]
            if not (shape.proof(text, start, end) if shape.proof else not is_placeholder(token)):
                continue
            if not allowed.match(token.decode("utf-8", "replace")):
                taken.append((start, end))
                kinds.append(shape.kind)
                break
    return list(dict.fromkeys(kinds))

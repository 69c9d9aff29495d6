"""An object's text: read in one pass for the hints of all shapes, and place by place only where there is one."""

from collections.abc import Iterator

import re2

from gatewright.policy import Violation, Violations

from ._params import Looked, Patterns
from ._places import Place, Subject, paths, places
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
_hints.Compile()
_patterns = [re2.compile(shape.pattern.encode(), LATIN1) for shape in SHAPES]


class Text:
    """The text of an object, up to the budget: its places, and all of them one after the other."""

    __slots__ = ("_is_cut", "_places", "_whole")

    def __init__(self, subject: Subject, params: Looked) -> None:
        """Reads the subject.

        Args:
            subject: whose text it is.
            params: what is left out, and the budget.
        """
        read = places(subject)
        if params.ignore_paths:
            ignored = params.ignore_paths.match
            read = (place for place in read if not any(map(ignored, paths(subject, place))))
        self._places = list(read)
        whole = _encoded("\0".join([place.text for place in self._places]))
        self._is_cut = len(whole) > params.max_bytes
        self._whole = whole[: params.max_bytes] if self._is_cut else whole

    def has(self, hints: "re2._Regexp") -> bool:
        """Whether a pattern is anywhere in it."""
        return hints.search(self._whole) is not None

    def may_have_credentials(self) -> bool:
        """Whether the hint of a shape is anywhere in it."""
        return _hints.Match(self._whole) is not None

    def parts(self) -> Iterator[tuple[Place, bytes]]:
        """The places, each with its text as far as the budget goes."""
        left = len(self._whole)
        for place in self._places:
            text = _encoded(place.text)
            if left <= 0:
                return
            yield place, text[:left]
            left -= len(text) + 1

    def unread(self) -> Violations:
        """That not everything was read, at the first place of which that is so."""
        if self._is_cut:
            left = len(self._whole)
            for place in self._places:
                left -= len(_encoded(place.text)) + 1
                if left < 0:
                    what = f"reaches past the first {len(self._whole)} bytes of text, and the rest was not read"
                    yield Violation(place.node, place.field, place.told(what))
                    return


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
    for index in sorted(_hints.Match(text) or ()):
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

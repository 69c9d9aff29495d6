"""Recorded reviews: what of them differs from run to run, and which values stand for it in the files."""

import functools
import re
from collections.abc import Iterator

TIME = r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"'
DIFFERING = re.compile(
    r"""
    (?P<uid>              (?<="uid":) "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}" )
  | (?P<resourceVersion>  (?<="resourceVersion":) "\d+" )
  | (?P<creation>         (?<="creationTimestamp":) TIME )
  | (?P<deletion>         (?<="deletionTimestamp":) TIME )
  | (?P<time>             (?<="time":) TIME )
  | (?P<access>           \bkube-api-access-[a-z0-9]{5}\b )
  | (?P<debugger>         \bdebugger-[a-z0-9]{5}\b )
    """.replace("TIME", TIME),
    re.VERBOSE,
)
"""Uids (the request's, the objects', their owners'), times and versions of objects, generated names. A time of deletion
is one of them: a Pod that is deleted arrives with when that was. No text that a person wrote is among them: within a
string, as in an annotation, the quotes are escaped."""


def masked(review: str) -> str:
    """A review with nothing in it that differs from run to run."""
    return DIFFERING.sub(lambda found: f"<{found.lastgroup}>", review)


def settled(fresh: list[str], kept: list[str]) -> Iterator[str]:
    """Fresh reviews with the values of those that are kept: a review that says the same stays as it is.

    Everywhere in them the same value stands for the same thing. What is new keeps its own values.
    """
    known: dict[tuple[str, str], str] = {}
    for number, review in enumerate(fresh):
        old = kept[number] if number < len(kept) else ""
        if masked(review) == masked(old):
            for ours, theirs in zip(DIFFERING.finditer(review), DIFFERING.finditer(old), strict=True):
                known.setdefault(_key(ours), theirs[0])
            yield old
        else:
            free: dict[str, list[str]] = {}
            for theirs in DIFFERING.finditer(old):
                free.setdefault(str(theirs.lastgroup), []).append(theirs[0])
            yield DIFFERING.sub(functools.partial(_settle, known, free), review)


def _settle(known: dict[tuple[str, str], str], free: dict[str, list[str]], ours: re.Match[str]) -> str:
    values = free.get(str(ours.lastgroup), [])
    value = values.pop(0) if values else ours[0]
    return known.setdefault(_key(ours), value)


def _key(found: re.Match[str]) -> tuple[str, str]:
    return str(found.lastgroup), found[0]

"""Texts, case by case: read by the reader of manifests and configurations, and held against a second reading."""

import re
import time
from collections import Counter
from random import Random
from typing import Any

from fuzz import yaml_texts
from fuzz.oracle import yaml_text
from fuzz.oracle.yaml_text import Unread
from fuzz.tally import Tally
from gatewright.engine.documents import Document, DocumentError, read
from gatewright.model.path import Path

SOURCE = "fuzz.yaml"
_FOREIGN = re.compile(rb"\xc2\x85|\xe2\x80[\xa8\xa9]")
"""The line breaks of YAML alone (NEL, LS, PS): in JSON they are text."""

_BREAK = re.compile(rb"[\r\n]|" + _FOREIGN.pattern)
SLOW = 1.0
"""Seconds of CPU that no text may take."""


class Texts:
    """The reader of YAML and JSON, given texts."""

    def case(self, rng: Random) -> bytes:
        """A text."""
        return yaml_texts.text(rng)

    async def wrong(self, body: bytes, tally: Tally) -> str:
        """Why a text is read wrongly; nothing where it is read rightly, and counted."""
        return _checked(body, tally.outcomes)

    def close(self) -> None:
        """It holds nothing."""


def _checked(text: bytes, outcomes: Counter[str]) -> str:
    begun = time.process_time()
    try:
        found = list(read(text, SOURCE))
        lines = [line for item in found if isinstance(item, Document) for line in _lines(item)]
    except Exception as error:  # noqa: BLE001  # whatever escapes the reader is what is looked for
        return f"{type(error).__name__} escaped: {error}"
    took = time.process_time() - begun
    if took > SLOW:
        return f"it took {took:.1f} s"
    errors = [item for item in found if isinstance(item, DocumentError)]
    last = len(_BREAK.findall(text)) + 1
    for refusal in errors:
        if not refusal.message or not refusal.message.isprintable():
            return f"a message that is not one line: {refusal.message!r}"
        if not 1 <= refusal.line <= last:
            return f"an error at line {refusal.line} of {last}: {refusal.message}"
    if lines and not 1 <= min(lines) <= max(lines) <= last:
        return f"a value at a line that is none of {last}: {min(lines)}, {max(lines)}"
    documents = [item.value for item in found if isinstance(item, Document)]
    return _second(text, documents, bool(errors), outcomes)


def _second(text: bytes, documents: list[Any], is_refused: bool, outcomes: Counter[str]) -> str:
    """Whether a second reading agrees."""
    if _FOREIGN.search(text):
        outcomes["refused" if is_refused else "read, not compared"] += 1
        return ""
    try:
        right = [document for document in yaml_text.documents(text) if document is not None]
    except Unread:
        outcomes["refused" if is_refused else "read, not compared"] += 1
        return ""
    if is_refused:
        outcomes["refused"] += 1
        return ""
    if any(map(yaml_text.has_twins, right)):
        return "a key stands twice, and it was read"
    if any(document is yaml_text.UNKNOWN for document in right):
        outcomes["read, not compared"] += 1
        return ""
    if len(documents) != len(right):
        return f"{len(documents)} documents were read, and there are {len(right)}"
    for value, other in zip(documents, right, strict=True):
        for difference in yaml_text.differences(value, other):
            return f"it reads otherwise; right is {difference}"
    outcomes["read alike"] += 1
    return ""


def _lines(document: Document) -> list[int]:
    """The lines of some fields."""
    path: Path = ()
    lines = [document.line, document.line_of(path)]
    value = document.value
    while isinstance(value, dict | list) and value and len(path) < 50:
        step = next(reversed(value)) if isinstance(value, dict) else len(value) - 1
        path, value = (*path, step), value[step]
        lines.append(document.line_of(path))
    return lines

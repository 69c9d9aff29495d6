"""A text's documents, each read alone: a broken one does not take the others with it."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator

from gatewright.engine.documents import json_reader, yaml_reader
from gatewright.engine.documents.document import Document, DocumentError, Origin
from gatewright.engine.documents.lines import Place, Refused

MAX_BROKEN = 20
"""After how many broken JSON values in a row the rest of their text is left out: each may take a look at all of it."""

_MARKER = re.compile(rb"^(?:---|\.\.\.)(?=[ \t\n]|\Z)", re.MULTILINE)
_BLANK = r"(?:[ \t]*(?:#[^\n]*)?(?:\n|\Z))"
_PROLOGUE = rf"(?:{_BLANK}|%[^\n]*\n)*+"
_ONLY_PROLOGUE = re.compile(_PROLOGUE.encode())
_NOTHING = re.compile(rf"{_PROLOGUE}(?:---)?{_BLANK}*+")
_FOREIGN_DIRECTIVE = re.compile(rf"(?:{_BLANK}|%YAML [^\n]*\n)*+%")
_JSON = re.compile(rf"{_PROLOGUE}(?:---(?=\s))?\s*(?=\{{(?!\{{)|\[)")  # {{ is a template's, never JSON's
_VALUE = re.compile(r"\S")
_NEXT_LINE = re.compile(r"\n(?=\{)")


class _NotJson(DocumentError):
    """Text that begins like JSON and goes on otherwise: perhaps YAML."""


def read(text: bytes, source: str) -> Iterator[Document | DocumentError]:
    """Every document of a YAML stream, of JSON, or of JSON values one after another, and an error for each broken one.

    What is empty or null is left out, as kubectl does.
    """
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in text[:4]:
        yield DocumentError(source, 1, "this is UTF-16 or UTF-32: save it as UTF-8")
        return
    text = text.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    line = 1
    for part in _parts(text):
        yield from _part(part, line, source)
        line += part.count(b"\n")


def _parts(text: bytes) -> Iterator[bytes]:
    """The text, cut before each `---` and after each `...`, but not between directives and their `---`."""
    start = 0
    for marker in _MARKER.finditer(text):
        if marker[0] == b"---" and _ONLY_PROLOGUE.fullmatch(text, start, marker.start()):
            continue
        yield text[start : marker.start()]
        start = marker.start() if marker[0] == b"---" else marker.end()
    yield text[start:]


def _part(part: bytes, line: int, source: str) -> Iterator[Document | DocumentError]:
    try:
        text = part.decode()
    except UnicodeDecodeError as error:
        at = line + part.count(b"\n", 0, error.start)
        yield DocumentError(source, at, f"the byte 0x{part[error.start]:02x} is not UTF-8: save the file as UTF-8")
        return
    if _NOTHING.fullmatch(text):
        return
    if foreign := _FOREIGN_DIRECTIVE.match(text):
        at = line + text.count("\n", 0, foreign.end())
        yield DocumentError(source, at, "Kubernetes has no use for a directive: remove this line")
    elif begin := _JSON.match(text):
        yield from _json_or_yaml(text, begin.end(), line, source)
    elif document := _yaml(text, line, source):
        yield document


def _json_or_yaml(text: str, start: int, line: int, source: str) -> Iterator[Document | DocumentError]:
    """JSON if its first value is; else YAML if it can be read as such; else JSON if any later value is."""
    values = _json(text, start, line, source)
    begun = [next(values)]
    if isinstance(begun[0], _NotJson):
        document = _yaml(text, line, source)
        if isinstance(document, DocumentError):
            for item in values:
                begun.append(item)
                if isinstance(item, Document):
                    break
        if not isinstance(begun[-1], Document):
            begun = [document] if document else []
    yield from begun
    yield from values


def _yaml(text: str, line: int, source: str) -> Document | DocumentError | None:
    try:
        value, begin = yaml_reader.read(text, line)
    except Refused as refused:
        hint = '; {{ looks like a Helm template: render it first, with "helm template"' if "{{" in text else ""
        return DocumentError(source, refused.line, refused.message + hint)
    if value is None:
        return None
    return Document(source, begin, value, Origin(text, line, yaml_reader.places))


def _json(text: str, start: int, line: int, source: str) -> Iterator[Document | DocumentError]:
    """Each JSON value. After one that is none, the next is where a line begins with a brace."""
    look_first = json_reader.suspicious(text)
    counted = broken = 0
    while found := _VALUE.search(text, start):
        start = found.start()
        line += text.count("\n", counted, start)
        counted = start
        item: Document | DocumentError
        try:
            value, end = json_reader.read(text, start, line, look_first=look_first)
            if (after := _VALUE.search(text, end)) and after[0] not in "{[":
                raise json.JSONDecodeError("Extra data", text, after.start())
            item = Document(source, line, value, Origin(text[start:end], line, _json_places))
            broken = 0
        except Refused as refused:
            item = DocumentError(source, refused.line, refused.message)
            end = json_reader.end(text, start)
        except json.JSONDecodeError as error:
            item = _NotJson(source, line + text.count("\n", start, error.pos), f"this is not JSON: {error.msg}")
            next_line = _NEXT_LINE.search(text, start)
            end = next_line.end() if next_line else len(text)
            broken += 1
        yield item
        if broken == MAX_BROKEN and _VALUE.search(text, end):
            yield _NotJson(source, line, f"the rest is left out after {MAX_BROKEN} values that are not JSON")
            return
        start = end


def _json_places(text: str, line: int) -> Place:
    return json_reader.places(text, 0, line)

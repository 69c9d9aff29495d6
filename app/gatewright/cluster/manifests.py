"""Manifests: files, folders and standard input, as the objects of one view of a cluster."""

import dataclasses
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gatewright.engine.documents import Document, DocumentError, read
from gatewright.model.path import find

STDIN = "-"
SUFFIXES = frozenset({".yaml", ".yml", ".json"})


@dataclass(slots=True)
class Manifests:
    """What was gathered: every object in its place, what could not be read, and how many documents are no objects."""

    objects: list[Document] = field(default_factory=list)
    errors: list[DocumentError] = field(default_factory=list)
    skipped: int = 0

    @property
    def values(self) -> Iterator[dict[str, Any]]:
        """The objects as plain dicts."""
        return (document.value for document in self.objects)


def gather(paths: Iterable[str]) -> Manifests:
    """The objects of files, folders and standard input (`-`).

    In a folder, documents that are no objects are skipped; in a file that is named they are errors, as is a path
    without any object.
    """
    manifests = Manifests()
    for path in paths:
        before = len(manifests.objects) + len(manifests.errors)
        for source, text, is_named in texts(path, manifests.errors):
            for document in read(text, source):
                if isinstance(document, DocumentError):
                    manifests.errors.append(document)
                else:
                    _add(manifests, document, is_named)
        if len(manifests.objects) + len(manifests.errors) == before:
            manifests.errors.append(DocumentError(path, 0, "there is no manifest here"))
    return manifests


def texts(path: str, errors: list[DocumentError]) -> Iterator[tuple[str, bytes, bool]]:
    """The files at a path: name, text, and whether it is the very path. What cannot be read is added to `errors`."""
    if path == STDIN:
        yield STDIN, sys.stdin.buffer.read(), True
        return
    root = Path(path)
    files = sorted(_files(root)) if root.is_dir() else [root]
    for file in files:
        try:
            yield str(file), file.read_bytes(), file is root
        except OSError as error:
            errors.append(DocumentError(str(file), 0, f"cannot be read: {error.strerror}"))


def _files(root: Path) -> Iterator[Path]:
    for file in root.rglob("*"):
        hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
        if file.suffix in SUFFIXES and not hidden and file.is_file():
            yield file


def _add(manifests: Manifests, document: Document, is_named: bool) -> None:
    kind, version = find(document.value, ("kind",)), find(document.value, ("apiVersion",))
    missing = [key for key, value in (("apiVersion", version), ("kind", kind)) if not isinstance(value, str)]
    if missing:
        is_mistaken = len(missing) == 1 and find(document.value, ("metadata",)) is not None
        if is_named or is_mistaken:  # an object but for a slip; a chart's values may well have a `kind`
            manifests.errors.append(DocumentError(document.source, document.line, f"has no {' and '.join(missing)}"))
        else:
            manifests.skipped += 1
    elif kind.endswith("List") and isinstance(items := find(document.value, ("items",)), list):
        for index in range(len(items)):
            item = document.at(("items", index))
            if kind != "List" and isinstance(item.value, dict) and "kind" not in item.value:
                # the API server writes what every item of a PodList is at the list alone
                whole = {"apiVersion": version, "kind": kind.removesuffix("List"), **item.value}
                item = dataclasses.replace(item, value=whole)
            _add(manifests, item, is_named)
    else:
        manifests.objects.append(document)

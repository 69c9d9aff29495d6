"""Recorded AdmissionReviews: JSON, YAML, JSON lines, whole or as a bare `request`."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from gatewright.cluster.manifests import texts
from gatewright.engine.documents import Document, DocumentError, read


@dataclass(frozen=True, slots=True)
class Recorded:
    """A review in its place."""

    source: str
    line: int
    body: bytes


def gather(paths: Iterable[str]) -> tuple[list[Recorded], list[DocumentError]]:
    """The reviews of files and of standard input (`-`), and what could not be read as one."""
    reviews: list[Recorded] = []
    errors: list[DocumentError] = []
    for path in paths:
        before = len(reviews) + len(errors)
        for source, text, _ in texts(path, errors):
            for document in read(text, source):
                if isinstance(document, DocumentError):
                    errors.append(document)
                elif (review := _review(document)) is not None:
                    reviews.append(Recorded(source, document.line, msgspec.json.encode(review)))
                else:
                    errors.append(DocumentError(source, document.line, "is no AdmissionReview and no request"))
        if len(reviews) + len(errors) == before:
            errors.append(DocumentError(path, 0, "there is no review here"))
    return reviews, errors


def _review(document: Document) -> object:
    value = document.value
    if not isinstance(value, dict):
        return None
    if "request" in value:
        return value
    if "uid" in value:
        return {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": value}
    return None

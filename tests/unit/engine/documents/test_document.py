import pickle
from dataclasses import FrozenInstanceError

import pytest

from gatewright.engine.documents import Document, DocumentError, document, read
from gatewright.model.path import Path

MANIFEST = b"""\
# a comment
kind: List
items:
- kind: Pod
  spec:
    containers:
    - name: web

      image: &image
        nginx
    - name: side
      image: *image
-
  kind: Service
"""


def only(text: bytes) -> Document:
    (item,) = read(text, "f.yaml")
    assert isinstance(item, Document), item
    return item


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 2),
        (("items",), 3),
        (("items", 0), 4),
        (("items", 0, "spec", "containers", 0, "image"), 9),
        (("items", 0, "spec", "containers", 1, "image"), 12),
        (("items", 0, "spec", "containers", 1, "ports", 0), 11),
        (("items", 1), 14),
        (("items", 2), 3),
    ],
)
def test_a_field_has_the_line_of_its_key(path: Path, line: int) -> None:
    assert only(MANIFEST).line_of(path) == line


def test_a_part_keeps_its_lines() -> None:
    pod = only(MANIFEST).at(("items", 0))
    assert (pod.source, pod.line, pod.value["kind"]) == ("f.yaml", 4, "Pod")
    container = pod.at(("spec", "containers", 1))
    assert (container.line, container.line_of(("image",)), container.line_of(("tty",))) == (11, 12, 11)
    with pytest.raises(LookupError, match=r"\Af\.yaml:4: there is no spec\.containers\[2\]\Z"):
        pod.at(("spec", "containers", 2))


def test_an_alias_has_lines_within_its_anchor() -> None:
    shared = only(b"a: &a\n  b: 1\n  c:\n    d: 2\ne: *a\nf:\n  <<: *a\n  b: 3\n")
    assert shared.value == {"a": {"b": 1, "c": {"d": 2}}, "e": {"b": 1, "c": {"d": 2}}, "f": {"b": 3, "c": {"d": 2}}}
    assert shared.line_of(("e",)) == 5
    assert shared.line_of(("e", "c", "d")) == 4
    assert shared.line_of(("f", "b")) == 8
    assert shared.line_of(("f", "c", "d")) == 4


def test_lines_are_looked_up_when_asked_for_and_then_kept_for_a_while() -> None:
    document._places.cache_clear()
    manifest = only(MANIFEST)
    assert document._places.cache_info().misses == 0
    assert [manifest.at(("items", index)).line for index in (0, 1)] == [4, 14]
    assert document._places.cache_info().misses == 1


def test_an_empty_document_is_a_mapping_without_keys() -> None:
    empty = Document.empty("-")
    assert (empty.source, empty.line, empty.value, empty.line_of(("spec",))) == ("-", 1, {}, 1)


def test_a_document_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(only(MANIFEST), "line", 7)  # noqa: B010  # mypy would refuse the assignment


def test_an_error_is_raised_collected_and_sent_to_other_processes() -> None:
    error = DocumentError("f.yaml", 7, "broken")
    assert str(error) == "f.yaml:7: broken"
    assert str(DocumentError("f.yaml", 0, "there is no manifest here")) == "f.yaml: there is no manifest here"
    assert str(pickle.loads(pickle.dumps(error))) == "f.yaml:7: broken"  # noqa: S301  # our own bytes
    with pytest.raises(DocumentError, match=r"\Af\.yaml:7: broken\Z"):
        raise error

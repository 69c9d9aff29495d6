from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatewright.model.path import Path, find, parse, pointer, render
from tests.builders import raises

# A name that is a number would be read back as an index, and one with a closing bracket ends at it.
NAMES = st.text(min_size=1).filter(lambda name: "]" not in name and not name.isdigit())
PATHS = st.lists(st.one_of(NAMES, st.integers(0, 10**9 - 1))).map(tuple)


@settings(deadline=None)
@given(PATHS)
def test_what_is_rendered_is_parsed_back(path: Path) -> None:
    assert parse(render(path)) == path


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", ()),
        ("spec.containers[0].image", ("spec", "containers", 0, "image")),
        ("metadata.annotations[key.with/dots]", ("metadata", "annotations", "key.with/dots")),
        ("add[0]", ("add", 0)),
        ("[0][1].a", (0, 1, "a")),
        ("a[007]", ("a", "007")),
        ("a[]", ("a", "")),
        ("x-y.$ref.z_9", ("x-y", "$ref", "z_9")),
    ],
)
def test_grammar(text: str, path: Path) -> None:
    assert parse(text) == path
    assert render(path) == text


@pytest.mark.parametrize("text", ["a..b", ".a", "a.", "a[0", "a]", "[a]b", "a[b]c", "a[[b]]", "a[0]b.c"])
def test_what_is_no_path(text: str) -> None:
    with raises(ValueError, f"{text!r} is not a path; paths look like spec.containers[0].image"):
        parse(text)


def test_pointer() -> None:
    assert pointer(()) == ""
    assert pointer(("metadata", "annotations", "a/b~c", 0)) == "/metadata/annotations/a~1b~0c/0"


DOCUMENT = {"a": [{"b": None}, 1], "c": {"0": "x"}}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((), DOCUMENT),
        (("a", 0, "b"), None),
        (("a", 1), 1),
        (("a", 2), "absent"),
        (("a", -1), "absent"),
        (("a", "0"), "absent"),
        (("a", 1, "deep"), "absent"),
        (("a", 0, "b", "deep"), "absent"),
        (("c", "0"), "x"),
        (("c", 0), "absent"),
        (("d",), "absent"),
    ],
)
def test_find(path: Path, value: Any) -> None:
    assert find(DOCUMENT, path, "absent") == value

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gatewright.engine.documents import Document, read, yaml_reader

SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)


class Dumper(yaml.SafeDumper):
    """Quotes every text, as PyYAML takes `y` and `1e3` for text and kubectl does not."""


Dumper.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


@settings(deadline=None)
@given(st.dictionaries(st.text(), VALUES), st.booleans())
def test_what_was_written_is_read(value: Any, flow: bool) -> None:
    (document,) = read(yaml.dump(value, Dumper=Dumper, default_flow_style=flow).encode(), "f")
    assert isinstance(document, Document), document
    assert document.value == value


@settings(deadline=None)
@given(st.dictionaries(st.text(), VALUES))
def test_tagged_values_are_read(value: Any) -> None:
    (document,) = read(yaml.safe_dump(value, default_style='"').encode(), "f")
    assert isinstance(document, Document), document
    assert document.value == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a:\n\tb: 1", "f:2: a tab where YAML wants spaces: indent with spaces"),
        ("- a\n\t- b", "f:2: a tab where YAML wants spaces: indent with spaces"),
        ("a: |\n\tb", "f:2: a tab where YAML wants spaces: indent with spaces"),
        ("a: @b", 'f:1: "@" cannot begin a value: quote the value'),
        ("a: b: c", "f:1: mapping values are not allowed in this context"),
        ("a: 1\nb\nc: 2", "f:3: could not find expected ':' while scanning a simple key that starts at line 2"),
        ("\na: [b\n", "f:3: did not find expected ',' or ']' while parsing a flow sequence that starts at line 2"),
        ('a: "b\n\n', "f:3: found unexpected end of stream while scanning a quoted scalar that starts at line 1"),
        (
            "a:\n - b\n c: d",
            "f:3: did not find expected '-' indicator while parsing a block collection that starts at line 2",
        ),
        ("ä:\n\nb: \x07", "f:3: YAML does not allow the control character U+0007"),
        (
            'a: "\\ud83d"',
            "f:1: found invalid Unicode character escape code while parsing a quoted scalar that starts at line 1",
        ),
        ("a: *b", 'f:1: the alias "b" has no anchor before it'),
        ("a: &b [*b]", 'f:1: the anchor "b" contains itself'),
        ("a: &b\n  c: {d: *b}", 'f:2: the anchor "b" contains itself'),
        ("a: b\u2028--- c", "f:2: a second document starts without a line of --- before it"),
    ],
)
def test_a_broken_document_is_refused_in_one_line(text: str, message: str) -> None:
    assert [str(item) for item in read(text.encode(), "f")] == [message]


def test_an_alias_is_the_same_object_everywhere() -> None:
    (document,) = read(b"a: &a {b: [1]}\nc: *a\nd: {<<: *a}\n", "f")
    assert isinstance(document, Document)
    assert document.value["c"] is document.value["a"]
    assert document.value["d"]["b"] is document.value["a"]["b"]


@pytest.mark.parametrize("nest", ["- " * 500, "[" * 500 + "]" * 500, "{a: " * 500 + "}" * 500])
def test_five_hundred_levels_are_read(nest: str) -> None:
    assert [type(item) for item in read(nest.encode(), "f")] == [Document]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- " * 501, "f:1: mappings and lists nest deeper than 500 levels"),
        (
            "".join(" " * level + "a:\n" for level in range(502)),
            "f:501: mappings and lists nest deeper than 500 levels",
        ),
        (
            "- &a " + "[" * 300 + "]" * 300 + "\n" + "- " * 201 + "*a",
            "f:2: mappings and lists nest deeper than 500 levels",
        ),
        ("- &a [" + "x," * 33_333 + "]\n" + "- *a\n" * 3, "f:4: aliases stand for more than 100,000 values"),
        ("a: &a {b: 1}\nc: [" + "{<<: *a}, " * 33_334 + "]", "f:2: aliases stand for more than 100,000 values"),
    ],
)
def test_deep_and_multiplying_documents_are_refused(text: str, message: str) -> None:
    assert [str(item) for item in read(text.encode(), "f")] == [message]


def test_the_values_of_aliases_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_reader, "MAX_VALUES", 10)
    assert [type(item) for item in read(b"- &a [1, 2]\n- *a\n- [3, 4]\n", "f")] == [Document]
    assert [str(item) for item in read(b"- &a [1, 2]\n- *a\n- [3,\n 4, 5]\n", "f")] == [
        "f:4: the document holds more than 1,000,000 values"
    ]

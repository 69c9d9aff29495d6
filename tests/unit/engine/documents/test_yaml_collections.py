"""Merge keys do what go.yaml.in/yaml/v2 v2.4.4 does, which is not what the YAML specification says."""

from typing import Any

import pytest

from gatewright.engine.documents import Document, read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<<: {a: 2}\na: 1", {"a": 1}),
        ("a: 1\n<<: {a: 2, b: 3}\nb: 4", {"a": 2, "b": 4}),
        ("<<: [{a: 1}, {a: 2, b: 2}]\nc: 3", {"a": 1, "b": 2, "c": 3}),
        ("<<: []\na: 1", {"a": 1}),
        ("<<: {a: {b: 1}}\na: 2", {"a": 2}),
        ("<<: {<<: {a: 1}, b: 2}", {"a": 1, "b": 2}),
        ("<<: {a: 1}\n<<: {a: 2}", {"a": 2}),
        ("!!merge <<: {a: 1}", {"a": 1}),
        ('"<<": {a: 1}', {"<<": {"a": 1}}),
        ("!!str <<: 1", {"<<": 1}),
        ("- &m <<\n- {*m : 1}", ["<<", {"<<": 1}]),
        ("- &a {c: 1}\n- &b {c: 2, d: 2}\n- <<: [*a, *b]", [{"c": 1}, {"c": 2, "d": 2}, {"c": 1, "d": 2}]),
        ("&k a: 1\nb: *k", {"a": 1, "b": "a"}),
        ("a: &a yes\n*a : c", {"a": True, "true": "c"}),
        ("- &a 1\n- &a 2\n- *a", [1, 2, 2]),
        ("- &a [&a x, *a]\n- *a", [["x", "x"], "x"]),
        ("{a, b: }", {"a": None, "b": None}),
        ("? a\n: b", {"a": "b"}),
    ],
)
def test_keys_anchors_and_merges(text: str, value: Any) -> None:
    (document,) = read(text.encode(), "f")
    assert isinstance(document, Document)
    assert document.value == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("image: a\nname: b\nimage: c", 'f:3: duplicate key "image" (first at line 1)'),
        ("a:\n  b: {}\n  b: 1", 'f:3: duplicate key "b" (first at line 2)'),
        ("yes: 1\ntrue: 2", 'f:2: duplicate key "true" (first at line 1)'),
        ("<<: {a: 1}\na: 2\na: 3", 'f:3: duplicate key "a" (first at line 2)'),
        ("<<: 1", "f:1: << takes a mapping or a list of mappings"),
        ("<<:", "f:1: << takes a mapping or a list of mappings"),
        ("<<: [1]", "f:1: << takes a mapping or a list of mappings"),
        ("<<: [[{a: 1}]]", "f:1: << takes a mapping or a list of mappings"),
        ("- &l [{a: 1}]\n- <<: *l", "f:2: << takes a mapping or a list of mappings"),
        ("[a]: b", "f:1: a mapping or a list cannot be a key"),
        ("? {a: b}\n: c", "f:1: a mapping or a list cannot be a key"),
        ("- &a [x]\n- *a : b", "f:2: a mapping or a list cannot be a key"),
    ],
)
def test_what_kubectl_would_lose_or_refuse_is_refused(text: str, message: str) -> None:
    assert [str(item) for item in read(text.encode(), "f")] == [message]

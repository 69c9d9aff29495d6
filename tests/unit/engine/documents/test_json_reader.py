import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatewright.engine.documents import Document, json_reader, read

SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)


@settings(deadline=None)
@given(st.lists(VALUES) | st.dictionaries(st.text(), VALUES), st.booleans(), st.sampled_from([None, 2, "\t"]))
def test_what_was_written_is_read(value: Any, ascii_only: bool, indent: int | str | None) -> None:
    (document,) = read(json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode(), "f")
    assert isinstance(document, Document), document
    assert document.value == value


def test_what_follows_a_broken_value_is_no_bracket() -> None:
    refused = [str(item) for item in read(b'{""1e999}]\\ud8', "f")]
    assert refused == [
        'f:1: the number "1e999" is too large',
        "f:1: this is not JSON: Expecting a mapping or a list",
    ]


def test_what_follows_a_mapping_is_no_bare_value() -> None:
    refused = [str(item) for item in read(b'{"a":1,"a":2}\n{"a":NaN}\n1.5: a', "f")]
    assert refused == [
        'f:1: duplicate key "a" (first at line 1)',
        "f:2: NaN is not JSON: quote it if text is meant",
        "f:3: this is not JSON: Expecting a mapping or a list",
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.0", 1), ("-0", 0), ("1e3", 1000), ("0.5", 0.5), ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", 9.223372036854776e18), ("1" + "0" * 300, 1e300), ('"1"', "1"),
        ('"\\ud83d\\ude00"', "😀"),
    ],
)  # fmt: skip
def test_numbers_are_those_that_kubectl_sends(text: str, value: Any) -> None:
    (document,) = read(f"[{text}]".encode(), "f")
    assert isinstance(document, Document)
    assert [(type(item), item) for item in document.value] == [(type(value), value)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"image": 1,\n"name": 2,\n"image": 3}', 'f:3: duplicate key "image" (first at line 1)'),
        ('{"a": {\n"b": {},\n"\\u0062": []}}', 'f:3: duplicate key "b" (first at line 2)'),
        ('{"a":\nNaN}', "f:2: NaN is not JSON: quote it if text is meant"),
        ('{"a": [1,\n-Infinity]}', "f:2: -Infinity is not JSON: quote it if text is meant"),
        ('{"a":\n1e999}', 'f:2: the number "1e999" is too large'),
        ('{"a": ' + "9" * 5000 + "}", f'f:1: the number "{"9" * 40}…" is too large'),
        ('{"a":\n"\\ud83d"}', "f:2: \\ud83d is half a character: write both halves, or the character itself"),
        ('{"\\ude00": 1}', "f:1: \\ude00 is half a character: write both halves, or the character itself"),
        ("[" * 100_000, "f:1: mappings and lists nest deeper than 500 levels"),
        (
            '{"a": "\\q\\ud83d\\ude00"}',
            "f:1: found unknown escape character while parsing a quoted scalar that starts at line 1",
        ),
        ("[" * 501 + "]" * 501, "f:1: mappings and lists nest deeper than 500 levels"),
        ('{"a":\n' * 501 + "1" + "}" * 501, "f:501: mappings and lists nest deeper than 500 levels"),
    ],
)
def test_what_kubernetes_cannot_have_is_refused(text: str, message: str) -> None:
    assert [str(item) for item in read(text.encode(), "f")] == [message]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": NaN, b: 1}', {"a": "NaN", "b": 1}),
        ("[NaNo, 1]", ["NaNo", 1]),
        ("[7e999x, 1]", ["7e999x", 1]),
        ('{"a": "x\ty"}', {"a": "x\ty"}),
        ('{"a": "\\x41", "b": "\\u00e9"}', {"a": "A", "b": "é"}),
    ],
)
def test_what_begins_like_json_may_be_yaml(text: str, value: Any) -> None:
    (document,) = read(text.encode(), "f")
    assert isinstance(document, Document)
    assert document.value == value


def test_every_field_has_its_line() -> None:
    text = (
        b'\n{"kind": "List",\n\n "items": [\n  {"a": {},\n   "b"\n: [1,\n2]}, []\n ,{\t"' + b"k" * 2000 + b'": null}]}'
    )
    (document,) = read(text, "f")
    assert isinstance(document, Document)
    assert document.line == 2
    assert document.line_of(()) == 2
    assert document.line_of(("items",)) == 4
    assert document.line_of(("items", 0, "a")) == 5
    assert document.line_of(("items", 0, "b")) == 6
    assert document.line_of(("items", 0, "b", 0)) == 7
    assert document.line_of(("items", 0, "b", 1)) == 8
    assert document.line_of(("items", 1, 0)) == 8
    assert document.line_of(("items", 2, "k" * 2000)) == 9
    assert document.at(("items", 2)).line == 9


def test_large_texts_are_counted_before_they_are_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reader, "MAX_VALUES", 10)
    assert [type(item) for item in read(b'{"a": [1, 2, 3, 4, 5], "b": []}', "f")] == [Document]
    assert [str(item) for item in read(b'{"a": [1, 2, 3, 4, 5, 6],\n"b": []}', "f")] == [
        "f:2: the document holds more than 1,000,000 values"
    ]
    assert [type(item) for item in read(b'["1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11"]', "f")] == [Document]


def test_a_caller_deep_in_its_stack_gets_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def overflow(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(json_reader._Decoder, "raw_decode", overflow)
    assert [str(item) for item in read(b'\n{"a": 1}', "f")] == ["f:2: mappings and lists nest deeper than 500 levels"]

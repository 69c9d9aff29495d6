import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatewright.model.text import LONGEST, escape, quote


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("web", '"web"'),
        ("", '""'),
        (8080, '"8080"'),
        ('a"b', r'"a\"b"'),
        ("a\\b", r'"a\\b"'),
        ("a\nb\r\t\0", r'"a\u000ab\u000d\u0009\u0000"'),
        ("\x1b[31mred", r'"\u001b[31mred"'),
        ("\x9b31m", r'"\u009b31m"'),
        ("user\u202egpj.exe\u2066", r'"user\u202egpj.exe\u2066"'),
        ("a\u2028b\u2029c", r'"a\u2028b\u2029c"'),
        ("zero\u200bwidth\ufeff", r'"zero\u200bwidth\ufeff"'),
        ("half\ud800", r'"half\ud800"'),
        ("tag\U000e0041", r'"tag\U000e0041"'),
        ("Größe 日本 é", '"Größe 日本 é"'),
        ("e\u0301", '"e\u0301"'),
    ],
)
def test_quote(value: object, shown: str) -> None:
    assert quote(value) == shown


@pytest.mark.parametrize(("length", "shown"), [(80, "x" * 80), (81, "x" * 79 + "…"), (10**6, "x" * 79 + "…")])
def test_what_is_longer_than_80_characters_is_cut(length: int, shown: str) -> None:
    assert quote("x" * length) == f'"{shown}"'


@settings(deadline=None)
@given(st.text())
def test_a_quoted_value_is_one_printable_line(value: str) -> None:
    shown = quote(value)
    assert shown.isprintable() or all(char.isprintable() or char.isspace() for char in shown)
    assert shown.splitlines() == [shown]
    assert len(shown) <= 10 * LONGEST + 2


@settings(deadline=None)
@given(st.text())
def test_what_is_escaped_can_be_escaped_again(value: str) -> None:
    assert escape(escape(value)) == escape(value)

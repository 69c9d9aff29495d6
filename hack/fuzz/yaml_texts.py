"""YAML and JSON texts by chance: what people write, and what is done to it."""

import json
from random import Random
from typing import Any

import yaml

from fuzz.mutator import bytes_damaged

_WORDS = (
    *("a", "web", "name", "true", "False", "null", "~", "on", "y", "NO", "1", "-7", "0", "0x1F", "0o17", "010"),
    *("1_000", "1:30", "1e3", ".5", "1.0", "-0", ".inf", ".NaN", "2001-12-14"),
    *("999999999999999999999999999999", "9" * 5000, "9223372036854775808", "", " a ", "a: b", "a #b", "- a"),
    *("'", '"', "é", "😀", "\u2028", "\u0085", "\ufeff", "\t", "a\nb\n", "x" * 300, "<<", "=", "*a", "&a", "!a"),
    *("%a", "@a", "`a", "{{ .Values.a }}", "[", "{", "?", "|", ">", "---"),
)
_LINES = (
    *("---", "...", "--- a", "--- |", "%YAML 1.1", "%YAML 1.2", "%TAG ! tag:x,2000:", "%FOO", "# comment"),
    *("\t", "\ta: 1", "a: &a [1]", "b: *a", "c: *nobody", "<<: *a", "<<: {z: 1}"),
    *("<<: [{z: 1}, {y: 2}]", "*a : 1", "? a", "? [a]", ": b", "? {a: b}"),
    *("a: &x {b: *x}", "&a a: 1"),
    *("a: !!python/object/apply:os.system [id]", "a: !!str 1", "a: !!int x", "a: !!binary aGk="),
    *("a: !!binary ?", "a: !!set {b}", "a: !local b", "a: !!float 1", "a: !!null ''", "!!map {a: 1}"),
    *("!!omap [a: 1]", "- a", "-", "-a", "a:", "a: |", "  text", "a: >-", "a: 'x"),
    *("a: b: c", "a: [1, 2", 'a: "\\x41"', 'a: "\\ud800"', 'a: "\\q"', "{", "}", "[", "]", '{"a":1}{"b":2}'),
    *('{"a":1,"a":2}', '{"a":NaN}', '{"a":1e999}', "a: {b: 1, b: 2}", "a: 1", "a: 2", "null: 1", "1.5: a"),
    *("~: a", "true: 1", "a: {{ b }}", "\ufeffa: 1", "a: \u0000", "a: \u0007"),
)
_PIECES = (
    *(b"\t", b"\r", b"\r\n", b"\n", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xc2\x85", b"\xe2\x80\xa8", b"\xf0\x9f\x98\x80"),
    *(b"&a ", b"*a", b"<<: ", b"!!", b"---\n", b"...\n", b": ", b"- ", b"? ", b"|", b">", b"'", b'"', b"{", b"}", b"["),
    *(b"]", b",", b"#", b"%", b"  ", b"\x1b", b"\xed\xa0\x80"),
)
_ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "latin-1")


def text(rng: Random) -> bytes:
    """A text that somebody might hand over as a manifest or a configuration."""
    kind = rng.random()
    if kind < 0.45:
        made = _dumped(rng, _value(rng, 4))
    elif kind < 0.75:
        made = "\n".join(rng.choice((*_LINES, *_LINES, "  a: 1", "    - b")) for _ in range(rng.randint(1, 8)))
    elif kind < 0.85:
        made = "\n---\n".join(_dumped(rng, _value(rng, 3)) for _ in range(rng.randint(2, 4)))
    elif kind < 0.93:
        made = _nested(rng)
    else:
        made = bomb(rng.randint(2, 12), rng.randint(2, 12))
    if rng.random() < 0.3:
        lines = made.split("\n")
        lines.insert(rng.randrange(len(lines) + 1), rng.choice((*_LINES, rng.choice(lines))))
        made = "\n".join(lines)
    encoding = rng.choice(_ENCODINGS) if rng.random() < 0.03 else "utf-8"
    body = made.encode(encoding, "replace")
    if rng.random() < 0.1:
        body = body.replace(b"\n", rng.choice((b"\r\n", b"\r")))
    if rng.random() < 0.15:
        at = rng.randrange(len(body) + 1)
        body = body[:at] + rng.choice(_PIECES) + body[at:]
    return bytes_damaged(rng, body) if rng.random() < 0.15 else body


def _value(rng: Random, depth: int) -> Any:
    kind = rng.random() if depth else 1.0
    if kind < 0.4:
        return {
            rng.choice((*_WORDS, "kind", "spec", "labels")): _value(rng, depth - 1) for _ in range(rng.randint(0, 4))
        }
    if kind < 0.6:
        return [_value(rng, depth - 1) for _ in range(rng.randint(0, 4))]
    return rng.choice((True, False, None, 0, 7, -1, 1.5, 2**63, *(rng.choice(_WORDS) for _ in range(8))))


def _dumped(rng: Random, value: Any) -> str:
    if rng.random() < 0.3:
        return json.dumps(value, indent=rng.choice((None, 2)), ensure_ascii=rng.random() < 0.5)
    dumped: str = yaml.dump(
        value,
        Dumper=yaml.CSafeDumper,
        default_flow_style=rng.choice((True, False, None)),
        default_style=rng.choice((None, None, "'", '"', "|", ">")),
        indent=rng.choice((2, 4)),
        allow_unicode=rng.random() < 0.5,
        explicit_start=rng.random() < 0.2,
        width=rng.choice((20, 80)),
    )
    return dumped


def _nested(rng: Random) -> str:
    depth = rng.choice((3, 50, 400, 499, 500, 501, 1000, 9990))
    opening, closing = rng.choice(
        (("[", "]"), ("{a: ", "}"), ('{"a":', "}"), ("- ", ""), ("a:\n", ""), ("? ", ""), ("&a [", "]"))
    )
    return opening * depth + "1" + closing * rng.choice((depth, depth, depth - 1, 0))


def bomb(levels: int, width: int) -> str:
    """Aliases of aliases: few bytes that stand for `width ** levels` values."""
    lines = ["a0: &a0 x"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * width)}]" for level in range(1, levels)]
    return "\n".join(lines)

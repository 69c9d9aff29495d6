import json
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatewright.engine.documents import Document, DocumentError, read

HELM = '; {{ looks like a Helm template: render it first, with "helm template"'


def shown(text: bytes) -> list[object]:
    """Line and value of each document, the text of each error."""
    return [(item.line, item.value) if isinstance(item, Document) else str(item) for item in read(text, "f")]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n \n",
        b"# a\n",
        b"---",
        b"---\n# a\n---\n...\n--- # b\n",
        b"null\n---\n~\n",
        b"\xef\xbb\xbf",
        b"%YAML 1.2\n",
    ],
)
def test_empty_documents_are_left_out(text: bytes) -> None:
    assert shown(text) == []


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        (b"a: 1\n---\n# c\n\nb: 2\n--- # d\nc: 3", [(1, {"a": 1}), (5, {"b": 2}), (7, {"c": 3})]),
        (b"--- a\n--- |\n b\n ---\n...\nc: 1\n... # d\n- e", [(1, "a"), (2, "b\n---\n"), (6, {"c": 1}), (8, ["e"])]),
        (b"%YAML 1.2\n# a\n---\na: 1\n...\n%YAML 1.1\n---\nb: 2\n", [(4, {"a": 1}), (8, {"b": 2})]),
        (b"---a: 1\n----: 2\n", [(1, {"---a": 1, "----": 2})]),
        (b"\xef\xbb\xbfa: 1\r\nb: |\r\n  x\r\n---\r\nc: 2\r\n", [(1, {"a": 1, "b": "x\n"}), (5, {"c": 2})]),
        (b"a: 1\r---\rb: 2\r", [(1, {"a": 1}), (3, {"b": 2})]),
        (b'{"a": 1}', [(1, {"a": 1})]),
        (b'\n\n[{"a": 1}, 2]\n', [(3, [{"a": 1}, 2])]),
        (b'# c\n--- # d\n\n{"a": 1}\n---\nb: 2\n--- {"c": 3}\n', [(4, {"a": 1}), (6, {"b": 2}), (7, {"c": 3})]),
        (b'{"a": 1} # c\n', [(1, {"a": 1})]),
        (b'{"a": 1}\n\n{"b": 2}\n{"c": 3}\n', [(1, {"a": 1}), (3, {"b": 2}), (4, {"c": 3})]),
        (b'{\n "a": 1\n}\n{\n "b": 2\n}{}[]', [(1, {"a": 1}), (4, {"b": 2}), (6, {}), (6, [])]),
    ],
)
def test_a_text_is_cut_into_its_documents(text: bytes, documents: list[object]) -> None:
    assert shown(text) == documents


@pytest.mark.parametrize(
    ("text", "items"),
    [
        (
            b"a: 1\n---\nb: [\n---\nc: 3\n---\nd: \xff\n---\ne: 1\ne: 2\n---\nf: 1\n",
            [
                (1, {"a": 1}),
                "f:4: did not find expected node content while parsing a flow node that starts at line 4",
                (5, {"c": 3}),
                "f:7: the byte 0xff is not UTF-8: save the file as UTF-8",
                'f:10: duplicate key "e" (first at line 9)',
                (12, {"f": 1}),
            ],
        ),
        (
            b'{"a": 1}\n{"b": 2\n{"c": 3}\n{"d": 1, "d":\n 2}\n{"e": 5} x\n{"f": 6}',
            [
                (1, {"a": 1}),
                "f:3: this is not JSON: Expecting ',' delimiter",
                (3, {"c": 3}),
                'f:4: duplicate key "d" (first at line 4)',
                "f:6: this is not JSON: Extra data",
                (7, {"f": 6}),
            ],
        ),
        (b'{"a": \n{"b": 2}\n', ["f:3: this is not JSON: Expecting ',' delimiter", (2, {"b": 2})]),
        (
            b'{"a": 1\n{"b": 2\n',
            ["f:2: did not find expected ',' or '}' while parsing a flow mapping that starts at line 1"],
        ),
        (b'{"a": 1}\nb\n', ["f:2: did not find expected <document start>"]),
        (b"%TAG ! x\n---\na\n---\nb\n", ["f:1: Kubernetes has no use for a directive: remove this line", (5, "b")]),
        (b"%YAML 1.2\n%TAG ! x\n---\na\n", ["f:2: Kubernetes has no use for a directive: remove this line"]),
    ],
)
def test_a_broken_document_leaves_the_others_alone(text: bytes, items: list[object]) -> None:
    assert shown(text) == items


def test_a_text_of_broken_json_is_given_up() -> None:
    broken = b'{"a": 1}\n' + b'{"b": x}\n' * 30
    lines = [f"f:{line}: this is not JSON: Expecting value" for line in range(2, 22)]
    assert shown(broken) == [(1, {"a": 1}), *lines, "f:21: the rest is left out after 20 values that are not JSON"]
    assert len(shown((b'{"a": 1}\n' + b'{"b": x}\n' * 19) * 3)) == 60


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_other_encodings_are_refused(encoding: str) -> None:
    assert shown("kind: Pod\n".encode(encoding)) == ["f:1: this is UTF-16 or UTF-32: save it as UTF-8"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"a: 1\nb: {{ .Values.b }}\n", "f:2: a mapping or a list cannot be a key" + HELM),
        (b"{{- if .Values.a }}\na: 1\n{{- end }}\n", "f:1: a mapping or a list cannot be a key" + HELM),
        (b'{"a": {{ .Values.a }}}\n', "f:1: a mapping or a list cannot be a key" + HELM),
        (b'a: "{{ .Values.a }}"\na: 2\n', 'f:2: duplicate key "a" (first at line 1)' + HELM),
    ],
)
def test_a_helm_template_is_recognised(text: bytes, message: str) -> None:
    assert shown(text) == [message]


FRAGMENTS = [
    *("a", "b: ", "- ", "\n", "\n  ", '"', "'", "{", "}", "[", "]", ",", "&a ", "*a", "<<: ", "# ", "|\n", ">\n"),
    *("!!str ", "!x ", "\t", "? ", "~", " ", ":", "1e3", "NaN", '"a": ', "\\", "%YAML 1.1\n", "%", "@", "\r\n", "\r"),
    *("\n...\n", "\n---\n", "{{ .V }}", "é"),
    *("\u2028", "\x85", "\ufeff", "\x07", "\\ud800", "\\u00e9", '{"a":1}\n', "\n{", "\n["),
]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join).map(str.encode) | st.binary(max_size=60))
def test_any_text_gives_documents_and_errors_within_it(text: bytes) -> None:
    last = (
        text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")
        + 1
        + sum(map(text.decode(errors="replace").count, "\x85\u2028\u2029"))
    )
    for item in read(text, "f"):
        assert 1 <= item.line <= last
        if isinstance(item, Document):
            assert item.line_of(()) == item.line
            assert json.loads(json.dumps(item.value)) == item.value
        else:
            assert isinstance(item, DocumentError)
            assert "\n" not in item.message


DEEP = "f:1: mappings and lists nest deeper than 500 levels"
BOMBS = {
    "b'[' * 100_000": DEEP,
    "b'- ' * 100_000": DEEP,
    "b'? ' * 100_000": "f:1: a mapping or a list cannot be a key",
    "b'{a: ' * 100_000": DEEP,
    """b'{"a":' * 100_000""": DEEP,
    "b'[' * 100_000 + b']' * 100_000": DEEP,
    """b'{"a":\\n' * 100_000""": "f:501: mappings and lists nest deeper than 500 levels",
    "b'- &a0 [x]\\n' + b''.join(b'- &a%d [' % n + b'*a%d,' % (n - 1) * 9 + b']\\n' for n in range(1, 20))": (
        "f:6: aliases stand for more than 100,000 values"
    ),
    "b''.join(b'%%TAG !%d! x\\n' % n for n in range(100_000)) + b'---\\na'": (
        "f:1: Kubernetes has no use for a directive: remove this line"
    ),
    "b'- [[1]]\\n' * 400_000": "f:333334: the document holds more than 1,000,000 values",
    "b'[' + b'{},' * 3_000_000 + b'1]'": "f:1: the document holds more than 1,000,000 values",
    """b'{"a": "' + b'\\\\"' * 1_000_000""": (
        "f:1: found unexpected end of stream while scanning a quoted scalar that starts at line 1"
    ),
}
READS = """
import resource, sys
from pathlib import Path
from gatewright.engine.documents import read

pages = int(Path("/proc/self/statm").read_text().split()[0])
resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + 200_000_000,) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
for expression in sys.argv[1:]:
    for item in read(eval(expression), "f"):
        print(str(item)[:200])
"""


def test_bombs_are_refused_in_bounded_time_and_memory() -> None:
    child = subprocess.run(
        [sys.executable, "-c", READS, *BOMBS],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.stderr == ""
    assert child.stdout.splitlines() == list(BOMBS.values())

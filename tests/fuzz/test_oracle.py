"""The oracle is a second opinion: it shares no code with what it judges, and it can tell right from wrong itself."""

import ast
import json
import math
from pathlib import Path
from typing import Any

import fuzz.oracle
import pytest
from fuzz.oracle import json_text
from fuzz.oracle.answer import Wrong, outcome
from fuzz.oracle.checks import BASELINE, OVERRIDDEN, RESTRICTED, violated
from fuzz.oracle.json_text import Unread
from fuzz.oracle.objects import CARRIERS
from fuzz.oracle.types import SOURCES, TEMPLATE
from fuzz.oracle.verdict import verdict
from hypothesis import given, settings

from gatewright.engine import catalog
from gatewright.model.pod import TEMPLATES, PodTemplate
from gatewright.model.volume import Volume
from tests.fuzz.test_reviews import VALUES, often
from tests.unit.model.second_reading import modelled
from tests.unit.webhook.builders import UID, pod, response, review

FILES = sorted(Path(fuzz.oracle.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_shares_no_code_with_the_engine(file: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {f"fuzz.{alias.name}" for alias in node.names} if node.module == "fuzz" else {str(node.module)}
    own = {name for name in imported if name.startswith("fuzz")}
    assert {name for name in own if not name.startswith("fuzz.oracle")} == set()
    assert imported - own <= {
        *("collections.abc", "contextlib", "dataclasses", "json", "re", "typing", "yaml"),
    }


def test_it_has_the_19_checks() -> None:
    entries = catalog.load([catalog.built_in()]).entries.values()
    assert {*BASELINE, *RESTRICTED} == {entry.policy.id for entry in entries if entry.policy.level}
    assert len({*BASELINE, *RESTRICTED}) == 19
    of_checks = {other for entry in entries if entry.policy.level for other in entry.policy.overrides}
    assert of_checks & {*BASELINE, *RESTRICTED} == OVERRIDDEN


def test_it_knows_every_kind_and_every_field_that_is_modelled() -> None:
    """A field that the models gain belongs into its tables, or a wrong type in it looks like a wrong denial."""
    assert {f"{kind}.{group}" if group else kind: path for (group, kind), path in CARRIERS.items()} == TEMPLATES
    assert {*SOURCES} == {*Volume.__struct_encode_fields__} - {"name"}
    for path, _ in modelled(PodTemplate):
        table: Any = TEMPLATE
        for step in path:
            table = getattr(table, "of", table)
            table = getattr(table, "item" if step == "*" else "value", None) if step in ("*", "{}") else table[step]
            assert table is not None, path


@settings(often, max_examples=300)
@given(VALUES)
def test_two_readings_of_json_agree(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    if "NaN" in text or "Infinity" in text:
        with pytest.raises(Unread):
            json_text.deep(text.replace('"', ""))
        return
    assert json_text.deep(text)[0] == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "{", "}", "[1,]", "[,1]", '{"a":1,}', '{"a"}', '{"a":}', "{a:1}", "{1:1}", "1 2", "01", "1."),
        *(".5", "+1", "'a'", '"a', '"\t"', '"\\x"', '"\\u12"', "[1}", "[[1]", "-", "1e", "tru", "truex", "nul"),
    ],
)
def test_what_is_no_json(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        json.loads(text)
    with pytest.raises(Unread, match="not JSON"):
        json_text.deep(text)
    with pytest.raises(Unread, match="not JSON"):
        json_text.read(text.encode())


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "[NaN]"])
def test_what_is_json_to_python_alone(number: str) -> None:
    json.loads(number)
    with pytest.raises(Unread, match="not JSON"):
        json_text.deep(number)
    with pytest.raises(Unread, match="not JSON"):
        json_text.read(number.encode())


@pytest.mark.parametrize("body", [b'"\\ud800"', b'{"\\udc00":1}', b'"\xff"', b"\xef\xbb\xbf{}", "{}".encode("utf-16")])
def test_what_is_no_text(body: bytes) -> None:
    with pytest.raises(Unread):
        json_text.read(body)


def test_the_end_of_the_readable() -> None:
    assert json_text.beginning('{"request":{"uid":"a","x":[1,{"y"') == {"request": {"uid": "a", "x": [1, {}]}}
    assert json_text.deep("[" * 9_990 + "]" * 9_990)[1] == 9_990
    assert json_text.read(b"1" * 5_000) == (math.inf, True)


def test_a_careful_pod_violates_nothing_and_an_empty_one_four_things() -> None:
    assert violated(pod()) == set()
    assert violated({"spec": {"containers": [None]}}) == {
        *("allow-privilege-escalation", "capabilities-restricted", "run-as-non-root", "seccomp-profile-restricted")
    }


NO_CODE = "a denial without a code from 400 to 599, or without a message"
NO_KEY = "an audit annotation that the API server would not take: 'a/b'"
ALLOWED = response(allowed=True)
CAUSES = [{"reason": "privileged", "message": "m", "field": "f"}]
DENIED = response(
    allowed=False,
    status={"code": 403, "message": "m", "details": {"causes": CAUSES}},
    auditAnnotations={"decision": "a", "denied": "privileged"},
)


def changed(answer: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return answer | {"response": answer["response"] | parts}


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        (500, DENIED, "HTTP 500"),
        (200, ALLOWED, "allowed, denied/audited/warned []/[]/no, and [privileged]/[]/no is right"),
        (200, changed(DENIED, uid="x"), f"the answer is to 'x', and {UID!r} was asked"),
        (200, changed(DENIED, allowed="false"), "the answer says neither yes nor no"),
        (
            200,
            changed(DENIED, status={"code": 200, "message": "m"}),
            "a denial without a code from 400 to 599, or without a message",
        ),
        (200, changed(DENIED, status={"code": 403}), NO_CODE),
        (200, changed(DENIED, patch="W10="), "the answer has patch"),
        (200, changed(DENIED, warnings=["a\nb"]), "a warning that the API server would not pass on"),
        (
            200,
            changed(DENIED, auditAnnotations={"a/b": "c"}),
            "an audit annotation that the API server would not take: 'a/b'",
        ),
        (200, DENIED | {"kind": "Review"}, "the answer is no AdmissionReview of v1"),
        (400, {"kind": "Status", "message": "m"}, f"HTTP 400, and the uid {UID!r} can be read"),
    ],
)
def test_a_wrong_answer(status: int, answer: Any, reason: str) -> None:
    body = review(object=pod(privileged=True), namespace="vault")
    assert outcome(body, verdict(body), 200, json.dumps(DENIED).encode()) == "denied: violations"
    with pytest.raises(Wrong) as wrong:
        outcome(body, verdict(body), status, json.dumps(answer).encode())
    assert str(wrong.value) == reason

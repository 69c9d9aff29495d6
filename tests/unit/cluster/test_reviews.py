import json
from pathlib import Path
from typing import Any

import pytest

from gatewright.cluster.reviews import gather

REQUEST = {"uid": "1", "operation": "CREATE", "object": {"a": 1}}
REVIEW = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": REQUEST}


def reviews(path: Path) -> list[tuple[int, Any]]:
    found, errors = gather([str(path)])
    assert errors == []
    assert {one.source for one in found} == {str(path)}
    return [(one.line, json.loads(one.body)) for one in found]


@pytest.mark.parametrize("text", [json.dumps(REVIEW), json.dumps(REVIEW, indent=1), json.dumps(REQUEST)])
def test_a_review_is_whole_or_its_request_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    assert reviews(tmp_path / "a.json") == [(1, REVIEW)]


def test_json_lines_and_yaml(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(f"{json.dumps(REVIEW)}\n\n{json.dumps(REQUEST)}\n")
    assert reviews(tmp_path / "a.jsonl") == [(1, REVIEW), (3, REVIEW)]
    (tmp_path / "a.yaml").write_text("uid: '1'\noperation: CREATE\nobject: {a: 1}\n---\nrequest: {uid: '2'}\n")
    assert reviews(tmp_path / "a.yaml") == [(1, REVIEW), (5, {"request": {"uid": "2"}})]


def test_a_folder_has_the_reviews_of_its_files(tmp_path: Path) -> None:
    for name in ("b.json", "a.json"):
        (tmp_path / name).write_text(json.dumps(REQUEST))
    found, errors = gather([str(tmp_path)])
    assert [Path(one.source).name for one in found] == ["a.json", "b.json"]
    assert errors == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 0, "there is no review here"),
        ("\n{}", 2, "is no AdmissionReview and no request"),
        ("- a\n", 1, "is no AdmissionReview and no request"),
        ('{"kind": "Pod"}', 1, "is no AdmissionReview and no request"),
    ],
)
def test_what_is_no_review(tmp_path: Path, text: str, line: int, message: str) -> None:
    (tmp_path / "a.yaml").write_text(text)
    found, errors = gather([str(tmp_path / "a.yaml")])
    assert found == []
    assert [(error.line, error.message) for error in errors] == [(line, message)]


def test_the_others_are_still_there(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(f"{{}}\n{json.dumps(REQUEST)}\n")
    found, errors = gather([str(tmp_path / "a.jsonl"), str(tmp_path / "none")])
    assert [(one.source, one.line) for one in found] == [(str(tmp_path / "a.jsonl"), 2)]
    assert [error.message for error in errors] == [
        "is no AdmissionReview and no request",
        "cannot be read: No such file or directory",
    ]

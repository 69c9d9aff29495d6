from typing import Any

import pytest

from gatewright.engine.decision import Finding, Mode
from gatewright.engine.fixes import Patch, apply, patch_of
from gatewright.model.path import parse
from gatewright.policy import REMOVE, Append, Set, Severity

DOCUMENT = {"spec": {"a": [{"b": 1}, 2], "empty": {}, "null": None}, "metadata": {"labels": {"x/y~z": "1"}}}


def patch(path: str, fix: Any, document: Any = DOCUMENT) -> Patch | None:
    return patch_of(Finding("p", Severity.LOW, Mode.WARN, parse(path), "x", fix), document)


@pytest.mark.parametrize(
    ("path", "fix", "operation"),
    [
        ("spec.a[0].b", Set(2), {"op": "replace", "path": "/spec/a/0/b", "value": 2}),
        ("spec.a[0].c", Set(2), {"op": "add", "path": "/spec/a/0/c", "value": 2}),
        ("spec.c.d.e", Set(2), {"op": "add", "path": "/spec/c", "value": {"d": {"e": 2}}}),
        ("spec.null", Set(2), {"op": "replace", "path": "/spec/null", "value": 2}),
        ("spec.null.a", Set(2), {"op": "add", "path": "/spec/null", "value": {"a": 2}}),
        ("spec.a", Append(3), {"op": "replace", "path": "/spec/a", "value": [{"b": 1}, 2, 3]}),
        ("spec.empty.list", Append(3), {"op": "add", "path": "/spec/empty/list", "value": [3]}),
        ("spec.null", Append(3), {"op": "replace", "path": "/spec/null", "value": [3]}),
        ("spec.a[1]", REMOVE, {"op": "remove", "path": "/spec/a/1"}),
        ("metadata.labels[x/y~z]", REMOVE, {"op": "remove", "path": "/metadata/labels/x~1y~0z"}),
        ("spec.null", REMOVE, {"op": "remove", "path": "/spec/null"}),
    ],
)
def test_a_fix_is_a_patch(path: str, fix: Any, operation: dict[str, Any]) -> None:
    assert patch(path, fix) == [operation]


@pytest.mark.parametrize(
    ("path", "fix"), [("spec.a", None), ("spec.shiny", REMOVE), ("spec.a[7]", REMOVE), ("", REMOVE), ("", Set(1))]
)
def test_what_has_no_patch(path: str, fix: Any) -> None:
    assert patch(path, fix) is None


@pytest.mark.parametrize(
    ("path", "fix", "changed"),
    [
        ("spec.a[0].b", Set(2), {"spec": {"a": [{"b": 2}]}}),
        ("spec.c.d", Set(True), {"spec": {"a": [{"b": 1}], "c": {"d": True}}}),
        ("spec.a", Append({"b": 2}), {"spec": {"a": [{"b": 1}, {"b": 2}]}}),
        ("spec.a[0]", REMOVE, {"spec": {"a": []}}),
        ("spec.a", REMOVE, {"spec": {}}),
    ],
)
def test_a_patch_changes_a_copy(path: str, fix: Any, changed: Any) -> None:
    document = {"spec": {"a": [{"b": 1}]}}
    operations = patch(path, fix, document)
    assert operations is not None
    assert apply(operations, document) == changed
    assert document == {"spec": {"a": [{"b": 1}]}}


def test_a_key_that_looks_like_a_pointer() -> None:
    document = {"labels": {"a/b~1": 1}}
    operations = patch("labels[a/b~1]", REMOVE, document)
    assert operations is not None
    assert apply(operations, document) == {"labels": {}}

"""Lists and watches as objects of a store: what they say, and what is none of it."""

import json
from typing import Any

import msgspec
import pytest

from gatewright.cluster.api import Gone
from gatewright.cluster.changes import APPLIED, Change, Event, event_of, page_of
from gatewright.engine.world import Unavailable
from gatewright.model.schema import Malformed
from gatewright.policy import Namespace, NetworkPolicy
from tests.builders import Object, namespace, raises

PATH = "/x"


def listed(*items: Object, **metadata: str) -> bytes:
    """A page of namespaces, whose items do not say what they are."""
    bare = [{key: value for key, value in item.items() if key != "kind"} for item in items]
    return json.dumps({"kind": "NamespaceList", "metadata": metadata, "items": bare}).encode()


def event(type_: str, item: Object, version: str = "7") -> bytes:
    metadata = {**item.get("metadata", {}), "resourceVersion": version}
    return json.dumps({"type": type_, "object": {**item, "metadata": metadata}}).encode()


def test_a_page_has_its_objects_its_version_and_where_it_goes_on() -> None:
    page = page_of(Namespace, listed(namespace("a"), namespace("b"), resourceVersion="5", **{"continue": "x"}), PATH)
    assert [change.key for change in page.changes] == [(None, "a"), (None, "b")]
    assert [change.view.name for change in page.changes] == ["a", "b"]
    assert (page.version, page.following) == ("5", "x")
    assert page_of(Namespace, listed(resourceVersion="5"), PATH).following == ""


@pytest.mark.parametrize(
    "other", [{"kind": "PodList", "metadata": {"resourceVersion": "5"}}, {"kind": "NamespaceList"}]
)
def test_another_list_is_none(other: Object) -> None:
    with raises(Unavailable, "GET /x: the answer is another list"):
        page_of(Namespace, json.dumps(other).encode(), PATH)


def test_an_object_that_cannot_be_read_is_told_of_in_its_place() -> None:
    broken = {"metadata": {"name": "b", "labels": 5}}
    changes = page_of(Namespace, listed(namespace("a"), broken, resourceVersion="5"), PATH).changes
    assert changes[0].failure == ""
    reason = "Namespace b cannot be read: metadata.labels must be an object, not an integer"
    assert changes[1] == Change((None, "b"), None, reason)
    item = {"kind": "NetworkPolicy", "metadata": {"name": "b", "namespace": "shop", "labels": 5}}
    change = event_of(NetworkPolicy, event("ADDED", item), PATH).change
    reason = "NetworkPolicy shop/b cannot be read: metadata.labels must be an object, not an integer"
    assert change == Change(("shop", "b"), None, reason)


@pytest.mark.parametrize("type_", ["ADDED", "MODIFIED"])
def test_an_event_has_an_object_and_where_to_resume(type_: str) -> None:
    version, change = event_of(Namespace, event(type_, namespace("a", enforce="baseline")), PATH)
    assert change
    assert (version, change.key, change.failure) == ("7", (None, "a"), "")
    assert change.view.labels == {"pod-security.kubernetes.io/enforce": "baseline"}


def test_what_is_deleted_has_no_view_and_a_bookmark_no_object() -> None:
    assert event_of(Namespace, event("DELETED", namespace("a")), PATH) == Event("7", Change((None, "a"), None))
    assert event_of(Namespace, event("BOOKMARK", {"kind": "Namespace"}), PATH) == Event("7", None)


OF_PODS = {"kind": "Pod", "metadata": {"resourceVersion": "7"}}
OF_NOTHING = {"kind": "Namespace", "metadata": {"resourceVersion": "7"}}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({"type": "ERROR", "object": {"kind": "Status", "code": 410}}, "the watch ended with 410"),
        ({"type": "ERROR", "object": {"kind": "Status", "code": 500}}, "the watch ended with 500"),
        ({"type": "ADDED", "object": OF_PODS}, "an event of another kind"),
        ({"type": "ADDED", "object": {"kind": "Namespace", "metadata": {}}}, "an event of another kind"),
        ({"type": "X", "object": OF_NOTHING}, "an event of another type"),
        ({}, "an event of another kind"),
    ],
)
def test_after_anything_else_all_is_listed_again(line: Any, reason: str) -> None:
    with raises(Gone, f"GET /x: {reason}"):
        event_of(Namespace, json.dumps(line).encode(), PATH)


@pytest.mark.parametrize("line", [b"", b"{", b"\xff", b"[]", b'{"type": 1}'])
def test_what_is_no_json_is_no_event(line: bytes) -> None:
    with pytest.raises(Malformed):
        event_of(Namespace, line, PATH)


def test_the_annotation_that_repeats_the_object_is_not_held() -> None:
    item = namespace("a")
    item["metadata"]["annotations"] = {APPLIED: "{}" * 1000, "owner": "me"}
    [change] = page_of(Namespace, listed(item, resourceVersion="5"), PATH).changes
    assert change.view.metadata.annotations == {"owner": "me"}
    assert msgspec.structs.asdict(change.view)["metadata"].name == "a"


def test_labels_are_made_of_the_same_strings() -> None:
    items = [namespace(name, enforce_version="latest-of-all") for name in ("a", "b")]
    first, second = (
        change.view.labels for change in page_of(Namespace, listed(*items, resourceVersion="5"), PATH).changes
    )
    assert first == second == {"pod-security.kubernetes.io/enforce-version": "latest-of-all"}
    for one, other in zip(first.items(), second.items(), strict=True):
        assert one[0] is other[0]
        assert one[1] is other[1]

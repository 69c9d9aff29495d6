"""What a policy of no level finds in an UPDATE: the old object is judged too, and what it had is dropped."""

import json
from typing import Any

import pytest

from gatewright.engine.update import LARGEST, is_changed
from gatewright.policy import Pod, Resource, Violation, Violations
from tests.builders import (
    Object,
    changed,
    declared,
    engine_of,
    found,
    pod,
    request,
    workload,
)
from tests.unit.engine.test_update import LABEL, SIDECAR


def latest(pod: Pod) -> Violations:
    """A policy of no level."""
    for container in pod.containers:
        if container.image.endswith(":latest"):
            yield Violation(container, "image", f"{container.name} is not pinned")


def images(**names: str) -> Object:
    return pod({"spec.containers": [{"name": name, "image": f"{image}:latest"} for name, image in names.items()]})


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        (images(a="x"), images(a="x"), []),
        (images(a="x"), changed(images(a="x"), LABEL), []),
        (images(a="x"), images(a="y"), ["a is not pinned"]),
        (images(a="x"), images(a="x", b="x"), ["b is not pinned"]),
        (images(a="x", b="y"), images(b="y", a="x"), []),
        (images(a="x", b="y"), images(b="y"), []),
        (images(a="x", b="y"), images(a="y", b="x"), ["a is not pinned", "b is not pinned"]),
        (images(a="x"), images(b="x"), ["b is not pinned"]),
        (pod(), images(a="x"), ["a is not pinned"]),
        ({}, images(a="x"), ["a is not pinned"]),
        (b"{", images(a="x"), ["a is not pinned"]),
    ],
)
def test_other_policies_tell_what_the_old_object_did_not_have(old: Any, new: Object, messages: list[str]) -> None:
    by = engine_of(declared(latest))
    assert [message for _, _, message in found(by, request(new, old))] == messages


def test_items_of_one_name_are_counted() -> None:
    twice = {"name": "a", "image": "x:latest"}
    by = engine_of(declared(latest))
    old, new = pod({"spec.containers": [twice]}), pod({"spec.containers": [twice, twice]})
    assert [one.path for one in by.judge(request(new, old)).findings] == [("spec", "containers", 1, "image")]
    assert by.judge(request(old, new)).findings == ()


def test_an_item_that_moves_to_another_list_is_new() -> None:
    item = [{"name": "a", "image": "x:latest"}]
    old, new = pod({"spec.containers": item}), pod({"spec.initContainers": item, "spec.containers": None})
    assert [one.path for one in engine_of(declared(latest)).judge(request(new, old)).findings] == [
        ("spec", "initContainers", 0, "image")
    ]


def test_a_workloads_template_is_compared_at_its_own_place() -> None:
    def cron(image: str, schedule: str) -> Object:
        item = workload("CronJob", {"spec.containers[0].image": f"{image}:latest"})
        return changed(item, {"spec.schedule": schedule})

    by = engine_of(declared(latest))
    assert found(by, request(cron("x", "1 * * * *"), cron("x", "2 * * * *"))) == []
    assert found(by, request(cron("y", "1 * * * *"), cron("x", "1 * * * *"))) == [
        ("enforce", "latest", "app is not pinned")
    ]


def test_a_template_that_only_says_the_same_otherwise_is_the_same() -> None:
    old = workload("Deployment")
    new = json.loads(json.dumps(old))
    new["spec"]["template"]["spec"] = dict(reversed(new["spec"]["template"]["spec"].items()))
    assert is_changed(json.dumps(old).encode(), json.dumps(new).encode()) is False
    assert is_changed(json.dumps(old).encode(), json.dumps(new | {"x": 1}).encode()) is True


def test_a_huge_template_that_differs_is_judged_unbuilt() -> None:
    def huge(space: str) -> bytes:
        return b'{"a":"' + b"x" * LARGEST + b'"' + space.encode() + b"}"

    assert is_changed(huge(""), huge("")) is False
    assert is_changed(huge(""), huge(" ")) is True


def test_the_same_place_with_another_value_is_new() -> None:
    def owned(item: Resource) -> Violations:
        for key in item.metadata.labels:
            yield Violation(item.metadata, ("labels", key), f"label {key}")

    def item(**labels: str) -> Object:
        return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a", "labels": labels}}

    by = engine_of(declared(owned, kinds={"Secret"}))
    assert found(by, request(item(a="1", b="2"), item(a="1", b="1"))) == [("enforce", "owned", "label b")]


def test_what_is_about_the_whole_object_is_new_when_anything_changed() -> None:
    def nameless(pod: Pod) -> Violations:
        yield Violation(pod.template, "", "so")

    by = engine_of(declared(nameless))
    assert found(by, request(pod(), pod())) == []
    assert found(by, request(pod(LABEL), pod())) == [("enforce", "nameless", "so")]


def grown(pod: Pod, old: Pod | None) -> Violations:
    before = len(old.containers) if old else 0
    yield Violation(pod.spec, "containers", f"{before} → {len(pod.containers)}")


def test_a_policy_that_takes_the_old_object_compares_by_itself() -> None:
    by = engine_of(declared(grown))
    assert found(by, request(pod(), pod())) == [("enforce", "grown", "1 → 1")]
    assert found(by, request(pod(SIDECAR), pod())) == [("enforce", "grown", "1 → 2")]
    assert found(by, request(pod())) == [("enforce", "grown", "0 → 1")]
    assert found(by, request(pod(), b"{")) == [("enforce", "GW002", "the object is not JSON: Input data was truncated")]


def test_a_policy_that_raises_on_the_old_object_is_undecided() -> None:
    def fragile(pod: Pod) -> Violations:
        yield Violation(pod.metadata, "name", "found")
        if pod.metadata.labels:
            raise ValueError

    by = engine_of(declared(fragile))
    assert found(by, request(pod(), pod(LABEL))) == [("enforce", "fragile", "fragile raised ValueError")]

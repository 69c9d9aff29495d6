"""An UPDATE: what starts something new is judged, what an object had before is not held against it."""

from typing import Any

import pytest

from gatewright.policy import Namespace, Pod, Resource, Violation, Violations
from tests.builders import (
    PREFIX,
    PRIVILEGED,
    Changes,
    Object,
    changed,
    declared,
    engine,
    engine_of,
    found,
    pod,
    request,
    workload,
)
from tests.builders import namespace as space

IMAGE = {"spec.containers[0].image": "registry.example/app:2"}
SIDECAR = {"spec.containers[1]": {"name": "sidecar", "image": "registry.example/sidecar:1"}}
DEBUG = {"spec.ephemeralContainers": [{"name": "debug", "image": "registry.example/debug:1"}]}
LABEL = {"metadata.labels": {"v": "2"}}
RESIZED = {"spec.containers[0].resources": {"limits": {"cpu": "2"}}}


@pytest.mark.parametrize(
    ("change", "subresource", "is_judged"),
    [
        ({}, "", False),
        (LABEL, "", False),
        ({"metadata.annotations": {"a": "b"}}, "", False),
        ({"spec.activeDeadlineSeconds": 5}, "", False),
        (RESIZED, "resize", False),
        (RESIZED | IMAGE, "resize", True),
        (IMAGE, "", True),
        (IMAGE, "status", False),
        (SIDECAR, "", True),
        ({"spec.initContainers": [{"name": "init", "image": "registry.example/init:1"}]}, "", True),
        (DEBUG, "ephemeralcontainers", True),
        (DEBUG, "shiny", True),
        (IMAGE | {"metadata.deletionTimestamp": "2026-01-01T00:00:00Z"}, "", True),
        ({"metadata.deletionTimestamp": "2026-01-01T00:00:00Z", "metadata.finalizers": []}, "", False),
    ],
)
def test_a_pod_is_judged_when_it_runs_something_new(change: Changes, subresource: str, is_judged: bool) -> None:
    old, new = pod(PRIVILEGED), pod(PRIVILEGED | dict(change))
    decision = engine().judge(request(new, old, subresource=subresource))
    assert ("privileged" in {one.policy for one in decision.findings}) is is_judged
    assert decision.allowed is not is_judged


def test_an_ephemeral_container_that_was_there_is_not_new() -> None:
    old = pod(PRIVILEGED | DEBUG)
    more = {"spec.ephemeralContainers[1]": {"name": "second", "image": "registry.example/debug:1"}}
    assert engine().judge(request(pod(PRIVILEGED | DEBUG | LABEL), old, subresource="ephemeralcontainers")).allowed
    assert not engine().judge(request(changed(old, more), old, subresource="ephemeralcontainers")).allowed


def whole(change: Object, template: Changes) -> Object:
    below = {f"spec.template.{key}": value for key, value in template.items()}
    return changed(workload("Deployment", PRIVILEGED), change | below)


@pytest.mark.parametrize(
    ("change", "template", "is_judged"),
    [
        ({}, {}, False),
        ({"spec.replicas": 0}, {}, False),
        (LABEL, {}, False),
        ({"metadata.annotations": {"deployment.kubernetes.io/revision": "2"}}, {}, False),
        ({"spec.selector": {"matchLabels": {"a": "b"}}}, {}, False),
        ({}, IMAGE, True),
        ({}, LABEL, True),
        ({}, {"metadata.annotations": {"kubectl.kubernetes.io/restartedAt": "2026"}}, True),
        ({}, {"spec.containers[0].env": [{"name": "A", "value": "b"}]}, True),  # what is not modelled
        ({}, {"spec.restartPolicy": "Always"}, True),
        ({}, {"spec.volumes": [{"name": "a", "shiny": {}}]}, True),
    ],
)
def test_a_workload_is_judged_when_its_template_changed(change: Object, template: Changes, is_judged: bool) -> None:
    decision = engine().judge(request(whole(change, template), whole({}, {})))
    assert decision.allowed is not is_judged


def test_a_template_that_was_not_there_is_new() -> None:
    assert not engine().judge(request(whole({}, {}), changed(whole({}, {}), {"spec.template": None}))).allowed
    assert engine().judge(request(changed(whole({}, {}), {"spec.template": None}), whole({}, {}))).allowed


@pytest.mark.parametrize("old", [b"{", pod({"spec.containers": "x"}), pod({"spec.hostPID": 1}), []])
def test_an_old_object_that_cannot_be_read_excuses_nothing(old: Any) -> None:
    assert found(engine(), request(pod(PRIVILEGED), old)) == [
        ("enforce", "privileged", 'container "app" runs privileged')
    ]


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


TIERED = """
policies: {spaced: warn}
overrides: [{namespaceLabels: {tier: production}, policies: {spaced: enforce}}]
"""
PRODUCTION = {"metadata.labels": {"tier": "production"}}


def spaced(namespace: Namespace) -> Violations:
    yield Violation(namespace.metadata, "annotations", f"{sorted(namespace.labels)}")


@pytest.mark.parametrize(
    ("old", "new", "mode"),
    [
        (None, {}, "warn"),
        (None, PRODUCTION, "enforce"),
        ({}, PRODUCTION, "enforce"),
        (PRODUCTION, {}, "enforce"),
        (PRODUCTION, PRODUCTION, "enforce"),
    ],
)
def test_of_a_namespaces_old_and_new_labels_the_stricter_count(old: Changes | None, new: Changes, mode: str) -> None:
    # another annotation each time, so that what is found is new
    after = changed(space(), {**new, "metadata.annotations": {"a": "2"}})
    before = old if old is None else changed(space(), {**old, "metadata.annotations": {"a": "1"}})
    by = engine(TIERED, declared(spaced))
    assert [one.mode.name.lower() for one in by.judge(request(after, before)).findings if one.policy == "spaced"] == [
        mode
    ]


@pytest.mark.parametrize("malformed", ["old", "new"])
def test_a_namespace_whose_labels_cannot_be_read_is_undecided_under_the_strongest_mode(malformed: str) -> None:
    broken = changed(space(), {"metadata.labels": ["tier"]})
    review = request(space(), broken) if malformed == "old" else request(broken, space())
    by = engine(TIERED.replace("spaced: warn", "spaced: audit, pod-security-labels: off"), declared(spaced))
    assert [(str(one.mode), one.message) for one in by.judge(review).findings if one.failure] == [
        ("enforce", "metadata.labels must be an object, not a list")
    ]


def test_an_invalid_label_that_was_there_is_not_new() -> None:
    old = space(enforce="Baseline")
    assert engine().judge(request(changed(old, {"metadata.labels.team": "a"}), old)).allowed
    decision = engine().judge(request(changed(old, {f"metadata.labels[{PREFIX}warn]": "Baseline"}), old))
    assert [one.path[-1] for one in decision.findings] == [f"{PREFIX}warn"]

"""An UPDATE: what starts something new is judged, what an object had before is not held against it."""

from typing import Any

import pytest

from gatewright.policy import Namespace, Violation, Violations
from tests.builders import (
    PREFIX,
    PRIVILEGED,
    Changes,
    Object,
    changed,
    declared,
    engine,
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

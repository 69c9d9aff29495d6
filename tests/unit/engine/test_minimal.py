from typing import Any

import pytest

from gatewright.engine.minimal import KINDS, Variant, put, variants
from gatewright.model.path import parse
from gatewright.model.review import CONNECT, Kind
from gatewright.policy import Connect, Namespace, Pod, Policy, Resource, Violations
from tests.builders import declared, engine, raises, request


def on_pods(pod: Pod) -> Violations:
    raise NotImplementedError


def on_namespaces(namespace: Namespace) -> Violations:
    raise NotImplementedError


def on_resources(item: Resource) -> Violations:
    raise NotImplementedError


def on_connects(connect: Connect) -> Violations:
    raise NotImplementedError


PODS = declared(on_pods)
LISTS = ("initContainers", "containers", "ephemeralContainers")


EVERY = list(variants(PODS, {"spec.containers[0].image": "x"}, None, None, None))


def names(
    policy: Policy, changes: dict[str, Any], old: Any = None, whole: Any = None, kinds: list[str] | None = None
) -> list[str]:
    return [variant.name for variant in variants(policy, changes, old, whole, kinds)]


def test_a_case_of_a_container_is_repeated_in_every_list_and_kind() -> None:
    changes = {"spec.containers[0].image": "x"}
    assert names(PODS, changes) == [f"{kind}, {name}" for kind in KINDS for name in LISTS]
    assert len(KINDS) == 10


def test_a_case_of_the_pod_is_repeated_in_every_kind() -> None:
    assert names(PODS, {"spec.hostPID": True}) == [f"{kind}, containers" for kind in KINDS]
    assert names(PODS, {"spec.containers": []}) == [f"{kind}, containers" for kind in KINDS]
    assert names(PODS, {}) == [f"{kind}, containers" for kind in KINDS]


def test_a_case_with_an_old_object_is_a_pods_unless_it_says_otherwise() -> None:
    assert names(PODS, {"spec.hostPID": True}, {}) == ["Pod, containers"]
    assert names(PODS, {}, {"spec.containers[0].image": "x"}) == [f"Pod, {name}" for name in LISTS]
    assert names(PODS, {}, {}, kinds=["Job", "Pod"]) == ["Job, containers", "Pod, containers"]
    assert names(PODS, {}, kinds=["Job"]) == ["Job, containers"]


def test_a_kind_that_there_is_not() -> None:
    with raises(ValueError, f"kinds: there is no Jobs, x; there are {', '.join(KINDS)}"):
        names(PODS, {}, kinds=["Jobs", "Pod", "x"])


def test_a_whole_object_stands_for_itself() -> None:
    whole = {"apiVersion": "apps/v1", "kind": "Deployment"}
    assert list(variants(PODS, {}, None, whole, None)) == [
        Variant("Deployment", Kind("apps", "v1", "Deployment"), whole)
    ]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (declared(on_namespaces), ["Namespace"]),
        (declared(on_resources, kinds={"Service", "Ingress.networking.k8s.io"}), ["Ingress", "Service"]),
        (declared(on_connects, on={CONNECT}), ["CONNECT"]),
    ],
)
def test_other_subjects(policy: Policy, expected: list[str]) -> None:
    assert names(policy, {}) == expected


@pytest.mark.parametrize("variant", EVERY, ids=lambda variant: variant.name)
def test_minimal_objects_are_of_the_restricted_level(variant: Variant) -> None:
    by = engine("{profile: strict, templates: {argoproj.io/Rollout: spec.template}}")
    assert by.judge(request(variant.object, within="shop")).findings == ()


def test_paths_are_those_of_the_variant() -> None:
    variant = Variant("x", KINDS["CronJob"], {}, ("spec", "jobTemplate", "spec", "template"), "initContainers")
    at = "spec.jobTemplate.spec.template"
    assert variant.place(parse("spec.containers[0].image")) == parse(f"{at}.spec.initContainers[0].image")
    assert variant.place(parse("spec.containers")) == parse(f"{at}.spec.containers")
    assert variant.place(parse("metadata.labels")) == parse(f"{at}.metadata.labels")


@pytest.mark.parametrize(
    ("before", "path", "value", "after"),
    [
        ({}, "a.b.c", 1, {"a": {"b": {"c": 1}}}),
        ({}, "a[0].b", 1, {"a": [{"b": 1}]}),
        ({"a": [1]}, "a[1]", 2, {"a": [1, 2]}),
        ({"a": [1]}, "a[0]", 2, {"a": [2]}),
        ({"a": [1, 2]}, "a[0]", None, {"a": [2]}),
        ({"a": 1}, "a", None, {}),
        ({}, "a", None, {}),
        ({"a": {"b": 1}}, "a.b", None, {"a": {}}),
    ],
)
def test_put(before: Any, path: str, value: Any, after: Any) -> None:
    put(before, parse(path), value)
    assert before == after


def test_what_is_put_is_a_copy() -> None:
    value: list[int] = []
    document: dict[str, Any] = {}
    put(document, ("a",), value)
    document["a"].append(1)
    assert value == []

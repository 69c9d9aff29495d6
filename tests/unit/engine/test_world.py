from typing import Any

import pytest

from gatewright.engine.decision import Miss
from gatewright.engine.world import ClosedWorld, Noted, Objects, Unavailable
from gatewright.policy import Index, Namespace, Pod, Service
from tests.builders import namespace, pod, raises, workload

BY_LABEL = Index(Pod, lambda item: item.metadata.labels.values())


def named(name: str, within: str | None = "shop", **labels: str) -> dict[str, object]:
    return pod({"metadata.name": name, "metadata.namespace": within, "metadata.labels": labels or None})


WORLD = ClosedWorld(
    [
        named("b", a="x"),
        named("a", a="x", b="y"),
        named("a", "other", a="x"),
        namespace("shop", enforce="baseline"),
        workload(),
        named("broken") | {"spec": "x"},
        {"kind": "Pod"},
        {"kind": "Pod", "metadata": {"name": 1}},
        {"kind": ["Pod"], "metadata": {"name": "a"}},
        {"kind": "Pod", "metadata": {"name": "a", "namespace": 1}},
    ]
)
PODS = WORLD.store(Pod)


def names(pods: tuple[Pod, ...]) -> list[str]:
    return [f"{one.namespace}/{one.metadata.name}" for one in pods]


def test_objects_are_found_by_name() -> None:
    found = PODS.get("other", "a")
    assert found is not None
    assert (found.namespace, found.metadata.labels, found.is_template) == ("other", {"a": "x"}, False)
    assert found.raw["metadata"]["name"] == "a"
    assert PODS.get("shop", "c") is None
    assert PODS.get(None, "a") is None


def test_objects_of_a_namespace_are_in_order_of_their_names() -> None:
    assert names(PODS.within("shop")) == ["shop/a", "shop/b"]
    assert names(PODS.within("nowhere")) == []


def test_objects_are_found_by_an_index() -> None:
    assert names(PODS.by(BY_LABEL, "x")) == ["shop/a", "other/a", "shop/b"]
    assert names(PODS.by(BY_LABEL, "y")) == ["shop/a"]
    assert names(PODS.by(BY_LABEL, "z")) == []


def test_an_object_is_found_once_however_often_it_has_the_key() -> None:
    assert Objects([("shop", "a", "item")]).by(Index(str, lambda item: [item, item]), "item") == ("item",)


def test_what_cannot_be_read_is_left_out() -> None:
    assert PODS.get("shop", "broken") is None


def test_a_namespace_without_an_object_has_no_labels() -> None:
    assert WORLD.namespace("shop").labels == {"pod-security.kubernetes.io/enforce": "baseline"}
    assert (WORLD.namespace("other").name, dict(WORLD.namespace("other").labels)) == ("other", {})
    assert [one.name for one in WORLD.store(Namespace).within(None)] == ["shop"]


def test_the_last_of_two_objects_of_one_name_counts() -> None:
    world = ClosedWorld([namespace("shop", enforce="baseline"), namespace("shop", enforce="restricted")])
    assert world.namespace("shop").labels == {"pod-security.kubernetes.io/enforce": "restricted"}


def test_a_read_that_finds_nothing_is_noted() -> None:
    misses: list[Miss] = []
    noted = Noted(Objects([("shop", "a", "item")]), str, misses)
    assert noted.get("shop", "a") == "item"
    assert noted.within("shop") == ("item",)
    assert noted.by(Index(str, lambda item: [item]), "item") == ("item",)
    assert misses == []
    assert noted.get("shop", "b") is None
    assert misses == [Miss(str, "shop", "b")]


@pytest.mark.parametrize("kind", [Namespace, Pod])
def test_an_empty_world_is_empty(kind: type) -> None:
    assert ClosedWorld().store(kind).within(None) == ()


@pytest.mark.parametrize("version", ["evil.io/v1", "v2", "/v1", "V1", "", None, 1])
def test_only_the_core_groups_kinds_are_the_core_groups(version: Any) -> None:
    """A custom resource may be called Namespace, and be written by anybody."""
    evil = {"apiVersion": version}
    world = ClosedWorld([namespace(enforce="privileged") | evil, pod() | evil])
    assert dict(world.namespace("shop").labels) == {}
    assert world.store(Namespace).within(None) == ()
    assert world.store(Pod).within("shop") == ()
    real = ClosedWorld([namespace(enforce="restricted"), namespace(enforce="privileged") | evil])
    assert real.namespace("shop").labels == {"pod-security.kubernetes.io/enforce": "restricted"}


@pytest.mark.parametrize(
    "metadata",
    [{"labels": 5}, {"labels": {"a": 1}}, {"labels": ["a"]}, {"annotations": "x"}],
)
def test_a_namespace_that_cannot_be_read_is_not_known(metadata: dict[str, Any]) -> None:
    broken = namespace() | {"metadata": {"name": "shop"} | metadata}
    world = ClosedWorld([broken, namespace("other")])
    with raises(Unavailable, "its manifest cannot be read"):
        world.namespace("shop")
    assert [one.name for one in world.store(Namespace).within(None)] == ["other"]
    assert dict(world.namespace("other").labels) == {}


def test_a_kind_that_could_not_be_gathered_is_not_known() -> None:
    unread = {"Namespace": "GET /api/v1/namespaces: 403", "Pod": "GET /api/v1/pods: 403"}
    world = ClosedWorld([namespace("shop", enforce="baseline")], unread)
    assert world.namespace("shop").labels == {"pod-security.kubernetes.io/enforce": "baseline"}
    for read in (lambda: world.namespace("other"), lambda: world.store(Namespace)):
        with raises(Unavailable, "GET /api/v1/namespaces: 403"):
            read()
    for read_pods in (lambda: world.store(Pod), lambda: world.first(Pod, "shop")):
        with raises(Unavailable, "GET /api/v1/pods: 403"):
            read_pods()
    assert world.store(Service).within("shop") == ()


@pytest.mark.parametrize("kind", ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"])
def test_permissions_are_not_known_where_a_part_of_them_is_not(kind: str) -> None:
    reason = f"GET /{kind}: 403"
    with raises(Unavailable, reason):
        ClosedWorld((), {f"{kind}.rbac.authorization.k8s.io": reason}).permissions()

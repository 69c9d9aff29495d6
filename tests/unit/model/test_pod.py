from typing import Any

import pytest

from gatewright.model.container import Container
from gatewright.model.meta import Metadata
from gatewright.model.path import Path, find
from gatewright.model.pod import (
    CONTAINER_LISTS,
    TEMPLATES,
    Pod,
    PodSpec,
    PodTemplate,
    Raw,
    carrier,
    pod_of,
    runs_something_new,
)
from gatewright.model.review import Kind
from gatewright.model.schema import Malformed, decode
from gatewright.model.volume import Volume
from tests.builders import Changes, encoded, pod, raises, workload

BUILT_IN = {"Pod": "Pod", "ReplicationController": "ReplicationController", "PodTemplate": "PodTemplate"} | {
    f"{kind}.{group}": kind
    for group, kinds in {
        "apps": ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"),
        "extensions": ("Deployment", "ReplicaSet", "DaemonSet"),
        "batch": ("Job", "CronJob"),
    }.items()
    for kind in kinds
}


def test_every_workload_is_known() -> None:
    assert set(TEMPLATES) == set(BUILT_IN)


@pytest.mark.parametrize(("key", "path"), TEMPLATES.items(), ids=TEMPLATES)
def test_the_pod_of_every_kind(key: str, path: Path) -> None:
    whole = pod() if key == "Pod" else workload("CronJob" if key == "CronJob.batch" else "Deployment")
    if key == "PodTemplate":
        whole = {"template": whole["spec"]["template"]}
    root = decode(carrier(path), encoded(whole))
    template = pod_of(root, path)
    assert template is not None
    assert [container.name for container in template.spec.containers] == ["app"]
    assert find(whole, (*path, "spec", "containers", 0, "name")) == "app"


@pytest.mark.parametrize("item", [{}, {"spec": None}, {"spec": {"template": None}}, {"spec": {"shiny": {}}}])
def test_a_workload_without_a_template_has_no_pod(item: Any) -> None:
    assert pod_of(decode(carrier(("spec", "template")), encoded(item)), ("spec", "template")) is None


def view(changes: Changes) -> Pod:
    template = decode(PodTemplate, encoded(pod(changes)))
    return Pod(template, "shop", False, Raw(lambda: pod(changes)))


def test_of_all_that_lies_around_a_pod_only_the_workloads_own_metadata_is_read() -> None:
    kind = carrier(TEMPLATES["CronJob.batch"])
    item = {"spec": {"metadata": 7, "jobTemplate": {"metadata": 7, "spec": {"metadata": 7}}}}
    assert pod_of(decode(kind, encoded(item)), TEMPLATES["CronJob.batch"]) is None
    with raises(Malformed, "metadata must be an object, not an integer"):
        decode(kind, encoded({"metadata": 7}))


def test_containers_are_those_of_every_list_in_the_order_of_the_lists() -> None:
    lists = {f"spec.{name}": [{"name": f"{name}{number}"} for number in range(2)] for name in reversed(CONTAINER_LISTS)}
    assert [container.name for container in view(lists).containers] == [
        "initContainers0",
        "initContainers1",
        "containers0",
        "containers1",
        "ephemeralContainers0",
        "ephemeralContainers1",
    ]


@pytest.mark.parametrize(
    ("name", "is_windows"), [("windows", True), ("linux", False), ("Windows", False), (None, False)]
)
def test_windows(name: str | None, is_windows: bool) -> None:
    assert view({"spec.os": {"name": name}}).is_windows is is_windows


def test_what_is_raw_is_loaded_once_and_when_asked_for() -> None:
    loads: list[int] = []

    def load() -> dict[str, Any]:
        loads.append(1)
        return {"a": 1}

    raw = Pod(PodTemplate(), None, False, Raw(load))
    assert loads == []
    assert raw.raw is raw.raw
    assert loads == [1]


def test_a_label_quotes_the_name() -> None:
    assert Container(name='a"\u202eb').label == r'container "a\"\u202eb"'


def test_sources_are_named_as_in_the_object() -> None:
    assert decode(Volume, b'{"name": "a", "downwardAPI": {}, "scaleIO": {}, "hostPath": {}, "nfs": null}').sources == (
        "downwardAPI",
        "hostPath",
        "scaleIO",
    )


def spec(**lists: list[tuple[str, str]]) -> PodTemplate:
    made = {name: tuple(Container(name, image) for name, image in items) for name, items in lists.items()}
    return PodTemplate(spec=PodSpec(**made))  # type: ignore[arg-type]  # the lists of containers by their names


OLD = spec(containers=[("a", "x:1"), ("b", "y:1")], init_containers=[("i", "z:1")], ephemeral_containers=[("e", "w:1")])


@pytest.mark.parametrize(
    ("new", "is_new"),
    [
        (OLD, False),
        (PodTemplate(Metadata(labels={"a": "b"}, annotations={"c": "d"}), OLD.spec), False),
        ({"containers": [("a", "x:2"), ("b", "y:1")]}, True),
        ({"containers": [("a", "x:1"), ("b", "y:1"), ("c", "")]}, True),
        ({"containers": [("a", "x:1")]}, True),
        ({"containers": [("b", "y:1"), ("a", "x:1")]}, True),
        ({"containers": [("renamed", "x:1"), ("b", "y:1")]}, False),
        ({"init_containers": [("i", "z:2")]}, True),
        ({"init_containers": []}, True),
        ({"ephemeral_containers": []}, False),
        ({"ephemeral_containers": [("e", "w:2")]}, True),
        ({"ephemeral_containers": [("e2", "w:1")]}, True),
        ({"ephemeral_containers": [("e2", "")]}, True),
        ({"ephemeral_containers": [("e", "w:1"), ("e2", "w:1")]}, True),
        ({"ephemeral_containers": [("e", "w:1"), ("e", "w:1")]}, False),
    ],
)
def test_what_runs_something_new(new: PodTemplate | dict[str, Any], is_new: bool) -> None:
    if isinstance(new, dict):
        lists = {
            name: [(one.name, one.image) for one in getattr(OLD.spec, name)]
            for name in ("containers", "init_containers", "ephemeral_containers")
        }
        new = spec(**(lists | new))
    assert runs_something_new(OLD, new) is is_new


@pytest.mark.parametrize(
    ("kind", "key", "api_version"),
    [(Kind("apps", "v1", "Deployment"), "Deployment.apps", "apps/v1"), (Kind("", "v1", "Pod"), "Pod", "v1")],
)
def test_kinds(kind: Kind, key: str, api_version: str) -> None:
    assert (kind.key, kind.api_version) == (key, api_version)

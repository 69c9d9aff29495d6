from typing import Any

import pytest

from gatewright.model.meta import Metadata
from gatewright.model.path import Path, parse
from gatewright.model.pod import PodTemplate
from gatewright.model.schema import decode, locate, read
from gatewright.model.security import SecurityContext
from tests.unit.model.test_schema import template

ROOT = decode(
    PodTemplate,
    b"""{"metadata": {"labels": {"type": "secret"}}, "spec": {"hostUsers": false, "initContainers": [{"name": "a"}],
    "containers": [{"name": "b", "ports": [{"hostPort": 80}], "securityContext": {"capabilities": {"add": ["X"]}}},
    {}]}}""",
)


def test_every_node_is_located() -> None:
    spec = ROOT.spec
    places: dict[int, str] = {
        id(ROOT): "",
        id(ROOT.metadata): "metadata",
        id(spec): "spec",
        id(spec.init_containers[0]): "spec.initContainers[0]",
        id(spec.containers[0]): "spec.containers[0]",
        id(spec.containers[0].ports[0]): "spec.containers[0].ports[0]",
        id(spec.containers[1]): "spec.containers[1]",
    }
    assert locate(ROOT) == {node: parse(path) for node, path in places.items()}


def test_a_place_can_have_a_prefix() -> None:
    metadata = Metadata()
    assert locate(metadata, ("spec", "template")) == {id(metadata): ("spec", "template")}


def test_parts_that_are_absent_are_shared_and_have_no_place() -> None:
    first, second = template('{"containers": [{"name": "a"}, {"name": "b"}]}').spec.containers
    assert first.security_context is second.security_context
    assert id(first.security_context) not in locate(first)


def test_absent_nodes_are_not_shared() -> None:
    first, second = decode(PodTemplate, b"{}"), decode(PodTemplate, b"{}")
    assert first.spec is not second.spec
    assert first.metadata is not second.metadata


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("spec.hostUsers", False),
        ("spec.containers[0].name", "b"),
        ("spec.containers[0].ports[0].hostPort", 80),
        ("spec.containers[0].securityContext", SecurityContext()),
        ("spec.containers[1].securityContext.privileged", None),
        ("spec.containers[2].name", None),
        ("spec.containers.name", None),
        ("spec.shiny.deep", None),
        ("spec.hostUsers.deep", None),
        ("metadata.labels.type", None),
    ],
)
def test_read(path: str, value: Any) -> None:
    steps: Path = parse(path)
    found = read(ROOT, steps)
    assert type(found) is type(value)
    assert isinstance(found, SecurityContext) or found == value

"""Values of wrong types, 5,000 of them: each is told with its place, or is read as a second reading has it."""

import json
import random
from typing import Any

import msgspec
import pytest

from gatewright.engine.decision import Failure
from gatewright.model.cluster import Namespace
from gatewright.model.meta import Metadata
from gatewright.model.path import Path, find, render
from gatewright.model.pod import PodTemplate, carrier, pod_of
from gatewright.model.schema import decode
from tests.builders import encoded, engine, request
from tests.unit.model.rich_objects import rich
from tests.unit.model.second_reading import agrees, bad_labels, generic, misplaced, modelled, offences, places

KINDS: dict[str, Path] = {
    "Pod": (),
    "Deployment": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "Namespace": (),
}
MUTATIONS = {"Pod": 1000, "Deployment": 1000, "CronJob": 1000, "Namespace": 2000}

VALUES: tuple[Any, ...] = (None, True, False, 0, 7, 2.0, 1.5, "", "x", "true", [], [7], {}, {"a": 7})
CHECKED = {"host-namespaces", "host-ports", "pod-security-labels", "privileged"}


def known(kind: str) -> dict[Path, Any]:
    """What is read of a kind: its pod and what is around it, or the Namespace."""
    at = KINDS[kind]
    around: dict[Path, Any] = {at[:depth]: dict for depth in range(len(at))}
    of_workload = dict(modelled(Metadata, ("metadata",))) if at else {}
    return around | of_workload | dict(modelled(Namespace if kind == "Namespace" else PodTemplate, at))


@pytest.mark.parametrize("kind", KINDS)
def test_the_objects_have_every_modelled_field(kind: str) -> None:
    assert {path for path in known(kind) if path[-1:] != ("{}",)} <= {generic(path) for path in places(rich(kind))}


@pytest.mark.parametrize("kind", KINDS)
def test_mutations(kind: str) -> None:
    chance, at, read = random.Random(kind), KINDS[kind], known(kind)  # noqa: S311  # the same ones every run
    judge = engine("{profile: strict, podSecurityLabels: ignore}").judge
    whole, text, every = request(rich(kind)), json.dumps(rich(kind)), list(places(rich(kind)))[1:]
    refused = 0
    for _ in range(MUTATIONS[kind]):
        path, value = chance.choice(every), chance.choice(VALUES)
        item = json.loads(text)
        find(item, path[:-1])[path[-1]] = value
        story = f"{render(path)} = {json.dumps(value)}"
        findings = judge(msgspec.structs.replace(whole, object=encoded(item))).findings
        failures = {(finding.failure, finding.path) for finding in findings if finding.failure}
        if wrong := misplaced(read, path, value):
            refused += 1
            assert failures == {(Failure.MALFORMED, wrong)}, story
            continue
        assert failures == set(), story
        root = decode(Namespace if kind == "Namespace" else carrier(at), encoded(item))
        view = root if kind == "Namespace" else pod_of(root, at)
        assert agrees(view, find(item, at)), story
        found = {render(finding.path) for finding in findings if finding.policy in CHECKED}
        assert found == (bad_labels(item) if kind == "Namespace" else offences(find(item, at), at)), story
    assert 0.25 < refused / MUTATIONS[kind] < 0.75

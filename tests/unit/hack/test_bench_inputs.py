"""What is sent, and by what it is judged: real reviews, real rules, files that scan reads."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from bench import files, process, rules
from bench.failure import Failed
from bench.reviews import Shape, bodies, body
from bench.rig import SIZES

from gatewright.engine import config
from gatewright.engine.decision import Mode
from gatewright.engine.engine import Engine
from gatewright.engine.world import ClosedWorld
from gatewright.model.review import AdmissionReview
from gatewright.model.schema import decode
from tests import builders

SMALL = {name: shape for name, shape in SIZES.items() if shape.size < 100_000}


def judged(engine: Engine, review: bytes) -> tuple[bool, set[str]]:
    decision = engine.judge(decode(AdmissionReview, review).request)
    assert not any(finding.failure for finding in decision.findings)
    return decision.allowed, {finding.policy for finding in decision.findings if finding.mode is Mode.ENFORCE}


@pytest.mark.parametrize("shape", SIZES.values(), ids=SIZES)
def test_a_review_is_of_its_size_and_judged_as_said(shape: Shape) -> None:
    engine = builders.engine(objects=[builders.namespace()])
    allowed, denied = body(shape, 1), body(replace(shape, denied=True), 1)
    assert len(allowed) == len(denied) == shape.size
    assert judged(engine, allowed) == (True, set())
    assert judged(engine, denied) == (False, {"privileged"})
    spec = json.loads(allowed)["request"]["object"]["spec"]
    assert len(spec["containers"]) == shape.containers
    assert len(spec.get("initContainers", [])) == shape.init_containers


@pytest.mark.parametrize("shape", SMALL.values(), ids=SMALL)
def test_no_two_reviews_are_alike(shape: Shape) -> None:
    requests = [json.loads(one)["request"] for one in bodies(shape)]
    assert len(requests) == 512
    for part in (lambda one: one["uid"], lambda one: one["name"], lambda one: json.dumps(one["object"]["spec"])):
        assert len({part(one) for one in requests}) == len(requests)


def test_large_bodies_are_mostly_nested_fields() -> None:
    request = json.loads(body(SIZES["2.9 MB UPDATE"], 1))["request"]
    for item in (request["object"], request["oldObject"]):
        assert len(json.dumps(item["metadata"]["managedFields"], separators=(",", ":"))) > 1_400_000
    assert request["object"]["spec"] != request["oldObject"]["spec"]


def test_a_review_can_be_as_small_as_it_can_be() -> None:
    one, ten = (len(body(Shape(0, number), 7)) for number in (1, 10))
    assert one < 2_000 < ten
    with pytest.raises(ValueError, match=f"^the smallest such review has {one + 13 - 1000} bytes more$"):
        body(Shape(1000), 7)


@pytest.mark.parametrize("number", [1, 10, 19, 50, 100])
def test_so_many_rules_judge_a_pod(number: int, tmp_path: Path) -> None:
    text = rules.pod_rules(number, tmp_path / "own")
    configuration = config.load(text.encode(), "gatewright.yaml", None)
    assert configuration.catalog.problems == ()
    engine = Engine(configuration, ClosedWorld([builders.namespace()]))
    everything = {
        "spec": {
            "hostPID": True,
            "containers": [{"name": "app", "image": "app", "securityContext": {"privileged": True}}],
        }
    }
    found = {finding.policy for finding in engine.judge(builders.request(builders.pod() | everything)).findings}
    assert "allow-privilege-escalation" in found
    copies = {id_.rpartition("-")[2] for id_ in found if id_[-1:].isdigit()}
    assert copies == {str(copy) for copy in range(1, -(-number // 19))}
    assert sum(mode == "enforce" for mode in json.loads(text)["policies"].values()) == number
    assert judged(engine, body(SIZES["6 KB"], 1)) == (True, set())


def test_rules_elsewhere_are_loaded_and_say_nothing_of_pods(tmp_path: Path) -> None:
    configuration = config.load(rules.rules_elsewhere(3, tmp_path / "own").encode(), "gatewright.yaml", None)
    assert configuration.catalog.problems == ()
    engine = Engine(configuration, ClosedWorld([builders.namespace()]))
    assert judged(engine, body(SIZES["6 KB"], 1)) == (True, set())
    ingress = {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "a", "namespace": "shop"}}
    ids = {finding.policy for finding in engine.judge(builders.request(ingress)).findings}
    assert ids == {"elsewhere-0", "elsewhere-1", "elsewhere-2"}


def test_files_are_of_their_size_and_some_offend(tmp_path: Path) -> None:
    assert files.write(tmp_path / "manifests", 21) == 2
    texts = [file.read_text() for file in sorted((tmp_path / "manifests").iterdir())]
    assert {len(text) for text in texts} == {files.SIZE}
    kinds = [[document["kind"] for document in yaml.safe_load_all(text)] for text in texts]
    assert kinds == [["Deployment", "Service"]] * 21
    assert sum("privileged: true" in text for text in texts) == 2


def test_one_core_is_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3})
    message = "one core for the server and one for the client are needed; this machine lets us use one"
    with pytest.raises(Failed, match=f"^{message}$"):
        process.cores()
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 5, 8})
    assert process.cores() == (3, 8)

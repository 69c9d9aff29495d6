"""What a namespace's pod-security labels do to the Decision on a pod, under each profile."""

import pytest

from gatewright.engine.engine import Engine
from tests.builders import PREFIX, Object, engine, namespace, pod, request, workload

OFFENDS: dict[str, Object] = {
    "baseline": {"spec.hostPID": True},
    "restricted": {"spec.containers[0].securityContext.runAsNonRoot": None},
    # forbidden since 1.34, and since 1.23
    "probe": {"spec.containers[0].livenessProbe": {"tcpSocket": {"host": "10.0.0.1", "port": 80}}},
    "root": {"spec.securityContext.runAsUser": 0},
}


def modes(by: Engine, offence: str, kind: str = "Pod") -> str:
    item = pod(OFFENDS[offence]) if kind == "Pod" else workload(kind, OFFENDS[offence])
    findings = by.judge(request(item)).findings
    return " ".join(f"{finding.mode}@{finding.check.version}" for finding in findings if finding.check)


DEFAULT, OBSERVE, STRICT = ("profile: default", "profile: observe", "profile: strict")
TIGHTEN, IGNORE = "podSecurityLabels: tighten", "podSecurityLabels: ignore"
MOST = "podSecurityLabels: at-most-warn"


@pytest.mark.parametrize(
    ("text", "labels", "baseline", "restricted"),
    [
        (DEFAULT, {}, "enforce@latest", "warn@latest"),
        (OBSERVE, {}, "warn@latest", "audit@latest"),
        (STRICT, {}, "enforce@latest", "enforce@latest"),
        (DEFAULT, {"enforce": "privileged"}, "", "warn@latest"),
        (DEFAULT, {"enforce": "privileged", "warn": "privileged"}, "", ""),
        (DEFAULT, {"enforce": "baseline"}, "enforce@latest", "warn@latest"),
        (DEFAULT, {"enforce": "restricted"}, "enforce@latest", "enforce@latest"),
        (DEFAULT, {"warn": "baseline"}, "enforce@latest", ""),
        (DEFAULT, {"enforce": "privileged", "warn": "baseline"}, "warn@latest", ""),
        (DEFAULT, {"enforce": "privileged", "warn": "baseline", "audit": "restricted"}, "warn@latest", "audit@latest"),
        (DEFAULT, {"enforce": "baseline", "enforce_version": "v1.20"}, "enforce@v1.20", "warn@latest"),
        (DEFAULT, {"enforce_version": "v1.20"}, "enforce@v1.20", "warn@latest"),
        (DEFAULT, {"warn_version": "v1.30"}, "enforce@latest", "warn@v1.30"),
        (DEFAULT, {"enforce": "Privileged"}, "enforce@latest", "enforce@latest"),
        (DEFAULT, {"warn": "Restricted"}, "enforce@latest", ""),
        (DEFAULT, {"enforce": "baseline", "enforce_version": "1.20"}, "enforce@latest", "warn@latest"),
        (DEFAULT, {"enforced": "privileged"}, "enforce@latest", "warn@latest"),
        (OBSERVE, {"enforce": "privileged"}, "", "audit@latest"),
        (OBSERVE, {"enforce": "restricted"}, "warn@latest", "warn@latest"),
        (OBSERVE, {"enforce": "restricted", "enforce_version": "v1.30"}, "warn@v1.30", "warn@v1.30"),
        (OBSERVE, {"enforce": "baseline", "warn": "restricted"}, "warn@latest", "warn@latest"),
        (STRICT, {"enforce": "privileged", "enforce_version": "v1.0"}, "enforce@latest", "enforce@latest"),
        (STRICT, {"enforce": "baseline", "enforce_version": "v1.0"}, "enforce@latest", "enforce@latest"),
        (TIGHTEN, {"enforce": "privileged", "warn": "privileged"}, "enforce@latest", "warn@latest"),
        (TIGHTEN, {"enforce": "restricted"}, "enforce@latest", "enforce@latest"),
        (IGNORE, {"enforce": "privileged", "warn": "privileged"}, "enforce@latest", "warn@latest"),
        (MOST, {"enforce": "restricted"}, "enforce@latest", "warn@latest"),
    ],
)
def test_profiles_and_labels(text: str, labels: dict[str, str], baseline: str, restricted: str) -> None:
    by = engine(text, objects=[namespace(**labels)])
    assert modes(by, "baseline") == baseline
    assert modes(by, "restricted") == restricted


def test_each_mode_has_a_version_of_its_own() -> None:
    labels = {"enforce": "baseline", "enforce_version": "v1.33", "warn": "baseline", "warn_version": "v1.34"}
    by = engine(objects=[namespace(**labels, audit="privileged")])
    assert modes(by, "probe") == "warn@v1.34"
    assert modes(by, "baseline") == "enforce@v1.33"


def test_a_check_that_a_version_does_not_have_is_not_made() -> None:
    by = engine(objects=[namespace(enforce="restricted", enforce_version="v1.22", warn="privileged")])
    assert modes(by, "root") == ""
    assert modes(by, "restricted") == "enforce@v1.22"


def test_latest_is_what_the_configuration_says() -> None:
    assert modes(engine("kubernetes: v1.33"), "probe") == ""
    assert modes(engine("kubernetes: v1.34"), "probe") == "enforce@latest"
    labelled = [namespace(enforce="baseline", enforce_version="v1.34")]
    assert modes(engine("kubernetes: v1.33", objects=labelled), "probe") == "enforce@v1.34"


def test_the_checks_of_another_namespace_are_its_own() -> None:
    by = engine(objects=[namespace("other", enforce="privileged"), namespace("shop", enforce="restricted")])
    assert modes(by, "restricted") == "enforce@latest"


@pytest.mark.parametrize("kind", ["Deployment", "CronJob", "ReplicationController"])
@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("{}", "enforce@latest"),
        ("enforceOn: workloads", "enforce@latest"),
        ("enforceOn: pods", "warn@latest"),
        ("{enforceOn: pods, policies: {host-namespaces: enforce}}", "warn@latest"),
        ("{enforceOn: pods, policies: {host-namespaces: audit}}", "audit@latest"),
    ],
)
def test_where_a_level_is_enforced(kind: str, text: str, mode: str) -> None:
    by = engine(text, objects=[namespace(enforce="baseline")])
    assert modes(by, "baseline", kind) == mode
    assert modes(by, "baseline") == mode.replace("warn", "enforce")


def test_labels_of_a_pod_are_not_those_of_its_namespace() -> None:
    labelled = pod(OFFENDS["baseline"] | {f"metadata.labels[{PREFIX}enforce]": "privileged"})
    assert [finding.policy for finding in engine().judge(request(labelled)).findings] == ["host-namespaces"]


def test_the_namespace_of_the_request_counts_and_not_the_objects() -> None:
    by = engine(objects=[namespace("open", enforce="privileged"), namespace("shop")])
    claimed = pod(OFFENDS["baseline"] | {"metadata.namespace": "open"})
    assert not by.judge(request(claimed, within="shop")).allowed
    assert by.judge(request(pod(OFFENDS["baseline"]), within="open")).allowed

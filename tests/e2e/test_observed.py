"""What base says where nothing is enforced: a warning at kubectl, an annotation in the API server's audit log."""

import pytest

from tests.builders import PREFIX, namespace
from tests.e2e.cluster import HOST_PID, PRIVILEGED, Cluster, Said, a_pod, a_workload

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket]

RUNS_PRIVILEGED = 'Warning: would violate PodSecurity "baseline:latest": privileged (container "app" runs privileged)\n'
WEBHOOK = "workloads.gatewright.dev"


def escalates(at: str) -> str:
    return (
        'fix: set it to false; container "app" must set securityContext.allowPrivilegeEscalation to false '
        f"(at {at}.containers[0].securityContext.allowPrivilegeEscalation)"
    )


def test_offences_are_warned_of_and_annotated(observing: Cluster) -> None:
    place = observing.namespace("observed")
    pod = observing.apply(a_pod(place, "web", PRIVILEGED))
    assert pod == Said(0, "pod/web created\n", RUNS_PRIVILEGED)
    deployment = observing.apply(a_workload(place, "api", PRIVILEGED))
    assert deployment == Said(0, "deployment.apps/api created\n", RUNS_PRIVILEGED)
    for kind, name, resource, at in (
        ("Pod", "web", "pods", "spec"),
        ("Deployment.apps", "api", "deployments", "spec.template.spec"),
    ):
        line = observing.pod.decision(namespace=place, kind=kind, name=name)
        assert observing.audited(place, name, resource) == {
            f"{WEBHOOK}/decision": line["id"],
            f"{WEBHOOK}/allow-privilege-escalation": escalates(at),
        }
        assert [(found["policy"], found["mode"]) for found in line["findings"]] == [
            ("privileged", "warn"),
            ("allow-privilege-escalation", "audit"),
        ]


def test_a_level_that_a_label_asks_for_is_warned_of(observing: Cluster) -> None:
    place = observing.namespace("labelled", "restricted")
    told = observing.apply(a_pod(place, "web", PRIVILEGED))
    assert told == Said(
        0,
        "pod/web created\n",
        'Warning: would violate PodSecurity "restricted:latest": privileged (container "app" runs privileged), '
        'allowPrivilegeEscalation != false (container "app" must set securityContext.allowPrivilegeEscalation to '
        "false)\n",
    )
    decision = observing.pod.decision(namespace=place, name="web")["id"]
    assert observing.audited(place, "web") == {f"{WEBHOOK}/decision": decision}


def test_a_dry_run_is_warned_of_and_leaves_nothing(observing: Cluster) -> None:
    place = observing.namespace("tried")
    told = observing.apply(a_pod(place, "web", PRIVILEGED), dry_run=True)
    assert told == Said(0, "pod/web created (server dry run)\n", RUNS_PRIVILEGED)
    assert observing.pod.decision(namespace=place, name="web")["dryRun"] is True
    assert observing.kubectl("get", "pods", "-n", place) == Said(0, "", "No resources found in tried namespace.\n")


def test_labels_that_mean_nothing_are_warned_of(observing: Cluster) -> None:
    told = observing.apply(namespace("lax", enforce="Restricted"))
    assert told == Said(
        0,
        "namespace/lax created\n",
        'Warning: pod-security-labels: fix: set it to "restricted"; Invalid value: "Restricted": must be one of '
        f"privileged, baseline, restricted (at metadata.labels[{PREFIX}enforce])\n",
    )


def test_nothing_is_said_of_what_is_allowed(observing: Cluster) -> None:
    place = observing.namespace("quiet")
    assert observing.apply(a_pod(place, "web")) == Said(0, "pod/web created\n", "")
    assert observing.audited(place, "web") == {}


def test_a_debug_container_is_warned_of(observing: Cluster) -> None:
    place = observing.namespace("debugged")
    observing.apply(a_pod(place, "web", HOST_PID))
    image = "--image=registry.example/tools:1"
    told = observing.kubectl("debug", "web", "-n", place, image, "--profile=sysadmin", "--container=probe")
    assert told == Said(
        0,
        "",
        'Warning: would violate PodSecurity "baseline:latest": host namespaces (the pod must not set hostPID to true), '
        'privileged (container "probe" runs privileged)\n',
    )

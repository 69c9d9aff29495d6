"""Policies of one's own that read other objects of a real API server: what they learn, and what they may not read."""

import json
import time
from collections.abc import Iterator

import pytest
from controlplane import ControlPlane
from service import NAME, until

from gatewright.cluster.live import FRESH
from tests.e2e.cluster import Cluster, Said, a_pod, serving

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket]

POLICY = '''"""{text}.

Fields:  none
Allowed: what it says
Why:     a policy of one's own reads the cluster.
"""

from gatewright.policy import Namespace, Pod, Severity, Store, Violation, Violations, policy


@policy(severity=Severity.LOW, on={{"CREATE"}})
def {name}(pod: Pod, namespace: Namespace | None, pods: Store[Pod]) -> Violations:
    if {condition}:
        yield Violation(pod.metadata, "name", "{text}")
'''
POLICIES = {
    "alone": ("It is alone", "namespace and namespace.labels.get('alone') and pods.within(namespace.name)"),
    "second": ("A first one is there", "pod.metadata.labels.get('second') and not pods.get(pod.namespace, 'first')"),
}


@pytest.fixture(name="cluster", scope="module")
def _cluster(plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("stores")
    own = folder / "own"
    own.mkdir()
    for name, (text, condition) in POLICIES.items():
        (own / f"{name}.py").write_text(POLICY.format(name=name, text=text, condition=condition))
    more = f"policyFolders: [{own}]\npolicies: {{'*': off, alone: enforce, second: enforce}}\n"
    with serving(plane, "overlays/enforce", folder, more=more) as cluster:
        yield cluster


def denied(subject: str, count: str, text: str) -> Said:
    """What kubectl says of a denial."""
    webhook = 'admission webhook "workloads.gatewright.dev" denied the request'
    at = f'Error from server (Forbidden): error when creating "STDIN": {webhook}'
    return Said(1, "", f"{at}: Pod {subject}: {count} [decision ID]\n 1. {text}\n")


def permit(plane: ControlPlane, verbs: list[str]) -> None:
    """The service's account may do that with pods, and no more."""
    role = json.loads(plane.kubectl("get", "clusterrole", NAME, "-o", "json", check=True).stdout)
    [index] = [index for index, rule in enumerate(role["rules"]) if rule["resources"] == ["pods"]]
    patch = json.dumps([{"op": "replace", "path": f"/rules/{index}/verbs", "value": verbs}])
    plane.kubectl("patch", "clusterrole", NAME, "--type=json", "-p", patch, check=True)


def test_labels_and_pods_are_looked_up_for_one_request(cluster: Cluster) -> None:
    place = cluster.namespace("alone")
    cluster.kubectl("label", "namespace", place, "alone=yes")
    assert cluster.apply(a_pod(place, "one")) == Said(0, "pod/one created\n", "")
    time.sleep(FRESH)  # the list without it is believed for so long
    told = cluster.apply(a_pod(place, "two"))
    at = "    at metadata.name\nWhy, and what is allowed: gatewright policies alone"
    assert told == denied("alone/two", "1 violation", f"alone (low): It is alone\n{at}")


def test_what_the_account_may_not_read_is_undecided_and_what_it_may_is_absent_or_there(cluster: Cluster) -> None:
    permit(cluster.plane, ["list"])
    place = cluster.namespace("second")
    second = a_pod(place, "web", {"metadata.labels": {"second": "yes"}})
    path = f"GET /api/v1/namespaces/{place}/pods/first: 403"
    blame = f"GW005: gatewright could not decide (second: {path}); this is not a fault of your manifest"
    undecided = denied("second/web", "1 not decided", blame)
    until(lambda: cluster.apply(second) == undecided)  # the API server learns of its own roles in a moment
    permit(cluster.plane, ["get", "list"])
    at = "    at metadata.name\nWhy, and what is allowed: gatewright policies second"
    missing = denied("second/web", "1 violation", f"second (low): A first one is there\n{at}")
    until(lambda: cluster.apply(second) == missing)  # a refusal is believed for a moment
    assert cluster.apply(a_pod(place, "first")) == Said(0, "pod/first created\n", "")
    assert cluster.apply(second) == Said(0, "pod/web created\n", "")

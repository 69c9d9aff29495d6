"""What policies read is reflected: as it changes, past an API server that begins anew, and as far as it may be."""

import json
import time
from collections.abc import Callable, Iterator

import pytest
from controlplane import ControlPlane, processes, run
from controlplane.processes import Process
from service import NAME, apply, pod, until, until_called

from gatewright.cluster.client import Client
from gatewright.cluster.reflected import ReflectedWorld
from gatewright.engine.world import StoreState, Unavailable
from gatewright.policy import HTTPRoute, NetworkPolicy
from tests.builders import Object, namespace
from tests.e2e.cluster import Cluster, Said, a_pod, install

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket]

POLICY = '''"""Every namespace has a NetworkPolicy.

Fields:  none
Allowed: Pods where there is one
Why:     a policy of one's own reads the cluster.
"""

from gatewright.policy import NetworkPolicy, Pod, Severity, Store, Violation, Violations, policy


@policy(severity=Severity.LOW, on={"CREATE"})
def covered(pod: Pod, policies: Store[NetworkPolicy]) -> Violations:
    if not policies.within(pod.namespace):
        yield Violation(pod.metadata, "namespace", "there is no NetworkPolicy")
'''
LIST = "GET /apis/networking.k8s.io/v1/networkpolicies: 403"
SOON = 1.0
"""Seconds after which what has changed is known."""

KUBECTL = 1.0
"""Seconds that one kubectl may take on a busy machine."""


def network_policy(place: str, name: str = "deny") -> Object:
    """A NetworkPolicy that lets nothing in."""
    item = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "spec": {"podSelector": {}}}
    return {**item, "metadata": {"name": name, "namespace": place}}


MINIMAL = (
    {"apiGroups": [""], "resources": ["namespaces"], "verbs": ["get"]},
    {
        "apiGroups": ["admissionregistration.k8s.io"],
        "resources": ["validatingwebhookconfigurations"],
        "resourceNames": [NAME],
        "verbs": ["get", "patch"],
    },
)
"""The rules without which nothing is decided, or asked."""


@pytest.fixture(name="cluster", scope="module")
def _cluster(plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The service with a policy that reads what its account may not: all that it may is to get namespaces."""
    folder = tmp_path_factory.mktemp("reflectors")
    own = folder / "own"
    own.mkdir()
    (own / "covered.py").write_text(POLICY)
    install(plane, "base")
    patch = json.dumps([{"op": "replace", "path": "/rules", "value": MINIMAL}])
    plane.kubectl("patch", "clusterrole", NAME, "--type=json", "-p", patch, check=True)
    with pod(plane, folder, more=f"policyFolders: [{own}]\npolicies: {{'*': off, covered: enforce}}\n") as running:
        until_called(plane, running)
        yield Cluster(plane, running)


def refused(place: str, count: str, entry: str) -> Said:
    """What kubectl says of a Pod that is denied."""
    webhook = 'admission webhook "workloads.gatewright.dev" denied the request'
    at = f'Error from server (Forbidden): error when creating "STDIN": {webhook}'
    return Said(1, "", f"{at}: Pod {place}/web: {count} [decision ID]\n 1. {entry}\n")


def undecided(place: str, why: str) -> Said:
    blame = f"gatewright could not decide (covered: {why}); this is not a fault of your manifest"
    return refused(place, "1 not decided", f"GW005: {blame}")


def uncovered(place: str) -> Said:
    text = "covered (low): there is no NetworkPolicy\n    at metadata.namespace"
    return refused(place, "1 violation", f"{text}\nWhy, and what is allowed: gatewright policies covered")


def soon(happens: Callable[[], bool]) -> None:
    """What has been asked for is seen within a second, and the kubectl that looks."""
    end = time.monotonic() + SOON + KUBECTL
    while not happens():
        assert time.monotonic() < end


def test_what_may_not_be_read_is_undecided_and_reflected_as_soon_as_it_may(cluster: Cluster) -> None:
    assert cluster.pod.readiness() == (503, "syncing namespaces, networkpolicies\n")
    place = cluster.namespace("covered")
    web, created = a_pod(place, "web"), Said(0, "pod/web created (server dry run)\n", "")
    assert cluster.apply(web, dry_run=True) == undecided(place, LIST)
    told = {line["resource"]: line["error"] for line in cluster.pod.lines if line["msg"] == "not synced"}
    assert told == {"namespaces": "GET /api/v1/namespaces: 403", "networkpolicies": LIST}
    apply(cluster.plane, "base")
    until(lambda: cluster.apply(web, dry_run=True) == uncovered(place))
    until(lambda: cluster.pod.readiness() == (200, "ok\n"))
    cluster.apply(network_policy(place))
    soon(lambda: cluster.apply(web, dry_run=True) == created)
    cluster.kubectl("delete", "networkpolicy", "deny", "-n", place)
    soon(lambda: cluster.apply(web, dry_run=True) == uncovered(place))


class Reflected:
    """A world in this process, with what it tells."""

    def __init__(self, plane: ControlPlane) -> None:
        self.plane = plane
        self.world = ReflectedWorld(Client.by_kubeconfig(plane.kubeconfig))
        self.told: list[tuple[str, str, str]] = []
        self.world.want({NetworkPolicy, HTTPRoute})
        self.world.start(lambda call: call(), self._tell)

    def _tell(self, level: str, msg: str, **fields: object) -> None:
        self.told.append((level, msg, str(fields["resource"])))

    def state(self, resource: str) -> StoreState:
        """Of a store."""
        return next(state for state in self.world.states() if state.resource == resource)

    def names(self) -> list[str]:
        """The NetworkPolicies of the namespace default."""
        return [one.name for one in self.world.store(NetworkPolicy).within("default")]


@pytest.fixture(name="reflected", scope="module")
def _reflected(own_plane: ControlPlane) -> Iterator[Reflected]:
    reflected = Reflected(own_plane)
    reflected.world.wait(30)
    yield reflected
    reflected.world.stop()


@pytest.fixture(name="own_plane", scope="module")
def _own_plane() -> Iterator[ControlPlane]:
    """A plane that is this module's alone: its API server ends and begins anew."""
    with ControlPlane() as plane:
        yield plane


def begin_anew(plane: ControlPlane) -> None:
    """Kills the API server, and starts it again once that has been seen."""
    state = run.load(plane.folder)
    assert state
    server = state.processes["kube-apiserver"]
    processes.kill([server])
    plane._children["kube-apiserver"].wait()
    child = plane._children["kube-apiserver"] = processes.start(server.command, plane.folder / "kube-apiserver.log")
    plane._watchdog.guard(child.pid)
    state.processes["kube-apiserver"] = Process(child.pid, server.command)
    state.save(plane.folder)


def create(plane: ControlPlane, item: Object) -> bool:
    return plane.kubectl("create", "-f", "-", input=json.dumps(item)).returncode == 0


def test_objects_come_change_and_go(reflected: Reflected) -> None:
    plane = reflected.plane
    assert create(plane, namespace("shop", enforce="baseline"))
    soon(lambda: _labels(reflected).get("pod-security.kubernetes.io/enforce") == "baseline")
    plane.kubectl("label", "namespace", "shop", "team=a", check=True)
    soon(lambda: _labels(reflected).get("team") == "a")
    plane.kubectl("delete", "namespace", "shop", check=True)
    soon(lambda: _labels(reflected) == {"": "it has not been looked up"})


def _labels(reflected: Reflected) -> dict[str, str]:
    """Of namespace shop; or why they are not known."""
    try:
        return reflected.world.namespace("shop").labels
    except Unavailable as error:
        return {"": str(error)}


def test_a_kind_that_is_not_served_is_none_until_it_is(reflected: Reflected) -> None:
    assert ("info", "not served", "httproutes") in reflected.told
    assert reflected.state("httproutes") == StoreState("httproutes", 0, True, 0, 0)
    assert reflected.world.store(HTTPRoute).get("shop", "web") is None


def test_an_api_server_that_ends_and_begins_anew_is_followed(reflected: Reflected) -> None:
    plane = reflected.plane
    assert create(plane, network_policy("default", "first"))
    soon(lambda: reflected.names() == ["first"])
    begin_anew(plane)
    until(lambda: ("error", "not synced", "networkpolicies") in reflected.told)
    assert reflected.names() == ["first"]  # and decisions go on
    until(lambda: create(plane, network_policy("default", "second")))
    until(lambda: reflected.names() == ["first", "second"])
    plane.kubectl("delete", "networkpolicy", "first", "-n", "default", check=True)
    soon(lambda: reflected.names() == ["second"])
    state = reflected.state("networkpolicies")
    assert (state.is_synced, state.failures > 0) == (True, True)

"""The roles and bindings of the API server itself: nothing is said of them, and nothing keeps it from mending them."""

import contextlib
import json
import os
from collections.abc import Iterator

import msgspec
import pytest
from controlplane import ControlPlane
from service import PATIENCE, environment

from gatewright.engine.granting import KINDS
from gatewright.engine.world import item_of
from gatewright.model.baseline import is_bootstrap
from gatewright.model.kinds import key_of
from tests.e2e.cluster import Cluster, serving
from tests.e2e.rbac.restarted import restarted
from tests.unit.cli.invoke import run

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket]

STRICTEST = "enforceRoles: all\npolicies: {rbac/*: enforce}\n"
"""More than the profile strict enforces: all of it, in roles as in bindings."""

OF_THE_PLANE = ("control-plane:editor", "control-plane:viewer")
"""The bindings of the users that a test's control plane has besides."""

EXPLAINED = {
    "rbac-webhook-config ClusterRoleBinding gatewright": "the service puts its certificate into its own registration",
}
"""What `rbac risks` finds on a cluster with nothing but us, with the reason why that is right."""

DRIFTED = {
    "clusterrole/system:controller:deployment-controller": "rules",
    "clusterrole/system:kube-scheduler": "rules",
    "clusterrolebinding/system:kube-dns": "subjects",
    "role/system:controller:bootstrap-signer -n kube-system": "rules",
}
"""What loses all that it gives, by the field that has it."""

GONE = (
    "clusterrole/system:node-bootstrapper",
    "clusterrolebinding/system:controller:generic-garbage-collector",
    "rolebinding/system:controller:token-cleaner -n kube-system",
)
"""What is deleted; one whose role has more power than most."""


@pytest.fixture(name="cluster", scope="module")
def _cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("bootstrap")
    with ControlPlane(disable=["PodSecurity"]) as plane:
        plane.kubectl("delete", "clusterrolebinding", *OF_THE_PLANE, check=True)
        with serving(plane, "overlays/enforce", folder, more=STRICTEST) as cluster:
            yield cluster


def stored(plane: ControlPlane) -> dict[str, bool]:
    """The API server's own roles and bindings, each with whether it gives what it shall."""
    label = "--selector=kubernetes.io/bootstrapping=rbac-defaults"
    kinds = ",".join(key.partition(".")[0] for key in KINDS)
    listed = plane.kubectl("get", kinds, "-A", label, "-o", "json", check=True).stdout
    read = [(one, key_of(one["apiVersion"], one["kind"])) for one in json.loads(listed)["items"]]
    return {
        f"{one['kind']} {one['metadata'].get('namespace', '')}/{one['metadata']['name']}": is_bootstrap(
            item_of(KINDS[key], msgspec.json.encode(one))
        )
        for one, key in read
    }


def drift(cluster: Cluster) -> None:
    """Takes away and changes. What is left gives less, and deletion is not asked about: nobody is in the way of it."""
    for what, field in DRIFTED.items():
        patch = json.dumps([{"op": "remove", "path": f"/{field}"}])
        name, *within = what.split()
        told = cluster.kubectl("patch", name, *within, "--type=json", "-p", patch)
        assert (told.code, told.err) == (0, ""), told
    for what in GONE:
        name, *within = what.split()
        told = cluster.kubectl("delete", name, *within)
        assert (told.code, told.err) == (0, ""), told


def risks(plane: ControlPlane) -> set[str]:
    told = run("rbac", "risks", f"--kubeconfig={plane.kubeconfig}", "--fail-on=low", "--output=json")
    found = told.document["risks"]
    assert (told.code, told.err, told.document["errors"]) == (1 if found else 0, "", [])
    return {f"{one['policy']} {one['kind']} {one['name']}" for one in found}


@pytest.fixture(name="_direct")
def _direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """The official client would call even an API server on loopback by a proxy."""
    for proxy in os.environ.keys() - environment().keys():
        monkeypatch.delenv(proxy)


@pytest.mark.usefixtures("_direct")
def test_what_has_drifted_is_mended_at_the_next_start_even_with_the_webhook_dead(cluster: Cluster) -> None:
    """A cluster with nothing but us has no risk that is not explained, and no other after either start: what the API
    server mends it writes with other rules, a verb each, that give the same."""
    plane, pod = cluster.plane, cluster.pod
    before = stored(plane)
    assert (len(before), set(before.values())) == (141, {True})
    assert risks(plane) == EXPLAINED.keys()
    names = {what.split()[0].partition("/")[2] for what in (*DRIFTED, *GONE)}
    with contextlib.ExitStack() as servers:
        for is_dead in (False, True):
            drift(cluster)
            drifted = stored(plane)
            assert {what.partition("/")[2] for what in before if not drifted.get(what)} == names
            if is_dead:
                pod.process.kill()
                pod.process.wait(PATIENCE)
                refused = cluster.kubectl("create", "clusterrole", "other", "--verb=get", "--resource=pods")
                assert (refused.code, "connection refused" in refused.err) == (1, True), refused
            servers.enter_context(restarted(plane))
            assert stored(plane) == before
            assert risks(plane) == EXPLAINED.keys()
    assert pod.decisions(user="system:apiserver") == []

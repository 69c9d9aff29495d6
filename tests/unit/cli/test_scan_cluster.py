"""`scan --cluster`: what it prints of a live cluster, and how it ends; the API server is a test's."""

from typing import Any

import pytest

from gatewright.cluster.api import Forbidden
from gatewright.cluster.client import Client
from gatewright.engine.world import Unavailable
from gatewright.model.kinds import KINDS, is_namespaced, path_of
from gatewright.model.version import KubernetesVersion, V
from tests.builders import Object, namespace, pod
from tests.unit.cli.invoke import PORT, denied, run
from tests.unit.cluster.apis import Api

SUMMARY = "{} denied; findings: {} enforce, 0 warn, 0 audit"
HOST_PORTS = ("--only", "host-ports")


class Server(Api):
    """Has two Pods, one of a namespace that may do anything, and says which version it is of."""

    address = "https://api.example"

    def __init__(self) -> None:
        self.asked: list[tuple[str | None, str | None]] = []
        lists = {
            path_of(key, place): {"kind": f"{key.partition('.')[0]}List"}
            for key in KINDS
            for place in ((None, "shop") if is_namespaced(key) else (None,))
        }
        super().__init__({**lists, "/version": {"gitVersion": "v1.37.2"}})
        free = pod({"metadata.name": "free", "metadata.namespace": "free", "spec.hostNetwork": None})
        free["spec"]["containers"][0]["ports"] = [{"hostPort": 80}]
        self.items["/api/v1/pods"] = {"kind": "PodList", "items": [bare(PORT), bare(free)]}
        places = [namespace(), namespace("free", enforce="privileged")]
        self.items["/api/v1/namespaces"] = {"kind": "NamespaceList", "items": places}
        self.items["/api/v1/namespaces/shop/pods"] = {"kind": "PodList", "items": [bare(PORT)]}

    def version(self) -> KubernetesVersion:
        return V(1, 37)


def bare(item: Object) -> Object:
    return {key: value for key, value in item.items() if key not in ("apiVersion", "kind")}


@pytest.fixture(name="server", autouse=True)
def _server(monkeypatch: pytest.MonkeyPatch) -> Server:
    server = Server()

    def by_kubeconfig(kubeconfig: Any, context: str | None) -> Server:
        server.asked.append((kubeconfig and str(kubeconfig), context))
        if context == "gone":
            raise Unavailable("no access to a cluster: gone")
        return server

    monkeypatch.setattr(Client, "by_kubeconfig", by_kubeconfig)
    return server


def test_what_is_there_is_judged_by_what_is_there(server: Server) -> None:
    told = run("scan", "--cluster", *HOST_PORTS)
    assert told == (1, f"{denied('cluster')}2 objects, {SUMMARY.format(1, 1)}\n", "")
    assert server.asked == [(None, None)]
    assert {verb for verb, _, _ in server.calls} == {"get"}


def test_of_one_namespace_alone(server: Server) -> None:
    for option in ("-n", "--namespace"):
        told = run("scan", "--cluster", option, "shop", *HOST_PORTS)
        assert told == (1, f"{denied('cluster')}1 object, {SUMMARY.format(1, 1)}\n", "")
    assert "/api/v1/pods" not in {path for _, path, _ in server.calls}


def test_another_context_of_another_kubeconfig(server: Server) -> None:
    run("scan", "--cluster", "--kubeconfig", "k", "--context", "c", *HOST_PORTS)
    assert server.asked == [("k", "c")]
    refused = (2, "", "error: no access to a cluster: gone\n")
    assert run("scan", "--cluster", "--context", "gone") == refused


def test_what_may_not_be_read_is_an_error_and_the_rest_is_judged(server: Server) -> None:
    server.items["/apis/apps/v1/deployments"] = Forbidden("GET /apis/apps/v1/deployments: 403")
    told = run("scan", "--cluster", *HOST_PORTS)
    reason = "GET /apis/apps/v1/deployments: 403"
    summary = f"2 objects, {SUMMARY.format(1, 1)}; 1 not readable\n"
    assert told == (2, denied("cluster") + summary, f"error: cluster: {reason}\n")
    document = run("scan", "--cluster", *HOST_PORTS, "-o", "json").document
    assert document["errors"] == [{"source": "cluster", "line": 0, "message": reason}]
    assert [(one["source"], one["line"], one["name"]) for one in document["objects"]] == [
        ("cluster", 1, "web"),
        ("cluster", 1, "free"),
    ]


def test_namespaces_that_may_not_be_read_are_no_namespaces_without_labels(server: Server) -> None:
    server.items["/api/v1/namespaces"] = Forbidden("GET /api/v1/namespaces: 403")
    document = run("scan", "--cluster", *HOST_PORTS, "-o", "json").document
    found = [{finding["policy"] for finding in one["findings"]} for one in document["objects"]]
    assert found == [{"GW004", "host-ports"}, {"GW004", "host-ports"}]
    assert document["summary"]["denied"] == 2


def test_the_cluster_as_a_whole_is_judged_by_what_judges_clusters(server: Server, folder: Any) -> None:
    (folder / "own").mkdir()
    (folder / "own" / "whole.py").write_text(
        '"""It is told of."""\n'
        "from gatewright.policy import Cluster, Severity, Violation, Violations, policy\n"
        "@policy(severity=Severity.LOW)\n"
        "def whole(cluster: Cluster) -> Violations:\n"
        "    nodes = [f'{one.name} {one.kubelet_version}' for one in cluster.nodes]\n"
        "    yield Violation(cluster.metadata, 'name', f'{cluster.version} {nodes}')\n"
    )
    (folder / "c.yaml").write_text('{policyFolders: own, policies: {"*": off, whole: warn}}')
    node = {"metadata": {"name": "n1"}, "status": {"nodeInfo": {"kubeletVersion": "v1.36.1"}}}
    server.items["/api/v1/nodes"] = {"kind": "NodeList", "items": [node]}
    [one] = run("scan", "--cluster", "-c", "c.yaml", "-o", "json").document["objects"]
    assert (one["apiVersion"], one["kind"], one["name"]) == ("gatewright/v1", "Cluster", "https://api.example")
    assert [finding["message"] for finding in one["findings"]] == ["v1.37.2 ['n1 v1.36.1']"]
    [one] = run("scan", "--cluster", "--context", "prod", "-c", "c.yaml", "-o", "json").document["objects"]
    assert one["name"] == "prod"
    assert run("scan", "--cluster", "-n", "shop", "-c", "c.yaml", "-o", "json").document["objects"] == []


def test_a_policy_that_is_off_is_refused_here_as_well() -> None:
    told = run("scan", "--cluster", "--only", "nothing")
    assert told == (2, "", "error: --only nothing: no such policy; gatewright policies lists them\n")


@pytest.mark.parametrize("arguments", [(), ("x.yaml", "--cluster")])
def test_either_manifests_or_a_cluster(arguments: tuple[str, ...]) -> None:
    assert run("scan", *arguments) == (2, "", "error: give the PATHs of manifests, or --cluster\n")


@pytest.mark.parametrize("option", ["--context", "--kubeconfig", "--namespace"])
def test_what_says_which_cluster_goes_with_one(option: str) -> None:
    reason = "error: --context, --kubeconfig and --namespace go with --cluster\n"
    assert run("scan", "x.yaml", option, "x") == (2, "", reason)

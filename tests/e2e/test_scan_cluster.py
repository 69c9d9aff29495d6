"""`scan --cluster` against a real API server: what is there, what was made of it, and what may not be read."""

import json
import subprocess
import sys
from typing import Any

import pytest
from controlplane import ControlPlane
from service import ROOT, environment, until

from tests.e2e.cluster import HOST_PID, a_workload

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket]

PLACE = "scanned"


def scan(plane: ControlPlane, *options: str) -> tuple[int, Any]:
    """Exit code and document."""
    command = [
        sys.executable,
        "-m",
        "gatewright",
        "scan",
        "--cluster",
        f"--kubeconfig={plane.kubeconfig}",
        "-o",
        "json",
    ]
    done = subprocess.run([*command, *options], capture_output=True, check=False, cwd=ROOT / "app", env=environment())
    assert done.stderr == b""
    return done.returncode, json.loads(done.stdout)


@pytest.fixture(name="place", scope="module")
def _place(plane: ControlPlane) -> str:
    """A namespace with a Deployment that offends, its ReplicaSet and its Pod; nobody was asked about it."""
    plane.kubectl("delete", "validatingwebhookconfiguration", "gatewright", "--ignore-not-found", check=True)
    plane.kubectl("create", "namespace", PLACE, check=True)
    until(lambda: plane.kubectl("get", "serviceaccount", "default", "-n", PLACE).returncode == 0)
    plane.kubectl("create", "-f", "-", input=json.dumps(a_workload(PLACE, "api", HOST_PID)), check=True)
    until(lambda: plane.kubectl("get", "pods", "-n", PLACE, "-o", "name", check=True).stdout)
    return PLACE


def test_what_is_there_is_told_of_where_it_was_written(plane: ControlPlane, place: str) -> None:
    code, document = scan(plane, "-n", place, "--only", "host-namespaces")
    found = [one for one in document["objects"] if one["findings"]]
    [finding] = found[0]["findings"]
    assert [(one["kind"], one["namespace"], one["name"]) for one in found] == [("Deployment", place, "api")]
    assert (finding["policy"], finding["path"]) == ("host-namespaces", "spec.template.spec.hostPID")
    assert (code, document["errors"]) == (1, [])


def test_all_of_a_cluster_is_read_by_who_may(plane: ControlPlane, place: str) -> None:
    _, document = scan(plane)
    assert document["errors"] == []
    objects = {(one["kind"], one["namespace"], one["name"]) for one in document["objects"]}
    assert ("Namespace", None, place) in objects
    assert ("ClusterRole", None, "cluster-admin") in objects
    assert ("Cluster", None, plane.url) in objects


def test_what_may_not_be_read_is_an_error(plane: ControlPlane, place: str) -> None:
    code, document = scan(plane, "-n", place, "--context", "nobody", "--only", "host-namespaces")
    reasons = {error["message"] for error in document["errors"]}
    assert {f"GET /apis/apps/v1/namespaces/{place}/deployments: 403", "GET /api/v1/namespaces: 403"} <= reasons
    assert (code, document["objects"]) == (2, [])

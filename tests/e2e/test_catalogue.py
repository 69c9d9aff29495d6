"""Every built-in policy at kubectl: what it denies of a real API server's requests, and the nearest thing it allows.

The rows stand in `catalogue/`. Each policy alone is on for the requests of a group of its own: so one service judges
each row by one policy, whatever the others say of it.
"""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from controlplane import ControlPlane
from service import NAME, ROOT, environment, pod, until, until_called

from tests.builders import Object, built_in
from tests.e2e.catalogue.rows import EVERYBODY, OUTCOMES, RBAC, ROWS, cluster_role, configuration, group, there, written
from tests.e2e.cluster import Cluster, Said, install, said

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket]

UNASKED = {
    "cluster-freshness": "it judges the cluster, which is no object that somebody requests",
    "webhook-floor": "no API server asks a webhook about webhooks",
}
"""The policies that admission never comes to: of these a scan tells."""

FOUND = re.compile(r": 1 violation \[decision ID\]\n 1\. (?P<policy>\S+) \(\w+\): (?P<message>.*)$", re.MULTILINE)


@pytest.fixture(name="cluster", scope="module")
def _cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("catalogue")
    file = folder / "catalogue.yaml"
    file.write_text(configuration())
    with ControlPlane(disable=["PodSecurity"]) as plane:
        prepare(plane)
        register(plane, file)
        with pod(plane, folder, more=configuration()) as running:
            until_called(plane, running)
            yield Cluster(plane, running)


def prepare(plane: ControlPlane) -> None:
    """Makes all that is wanted to be there: the namespaces first, since Pods wait for the accounts in them."""
    objects = list(there())
    spaces = [one for one in objects if one["kind"] == "Namespace"]
    create(plane, spaces)
    listed = ("get", "serviceaccounts", "-A", "--field-selector=metadata.name=default", "-o")
    names = {one["metadata"]["name"] for one in spaces}
    until(lambda: names <= {*plane.kubectl(*listed, "jsonpath={.items[*].metadata.namespace}").stdout.split()})
    create(plane, [one for one in objects if one["kind"] != "Namespace"])


def create(plane: ControlPlane, objects: list[Object]) -> None:
    plane.kubectl("create", "-f", "-", input="\n---\n".join(map(json.dumps, objects)), check=True)


def register(plane: ControlPlane, file: Path) -> None:
    """Installs the service where it may read what its configuration needs, and is asked what that can judge."""
    install(plane, "base")  # which lets everything by: the service is not there yet
    patch(plane, "clusterrole", {"/rules": printed("policies", "--cluster-role", "--config", file)["rules"]})
    rules = printed("policies", "--webhook-rules", "--config", file)
    asked = {f"/webhooks/{index}/rules": rules[name] for index, name in enumerate(("workloads", "access"))}
    told = {"failurePolicy": "Fail", "timeoutSeconds": 10}
    answered = {f"/webhooks/{index}/{key}": value for index in range(2) for key, value in told.items()}
    patch(plane, "validatingwebhookconfiguration", asked | answered)


def patch(plane: ControlPlane, kind: str, values: Object) -> None:
    changes = [{"op": "replace", "path": path, "value": value} for path, value in values.items()]
    plane.kubectl("patch", kind, NAME, "--type=json", "-p", json.dumps(changes), check=True)


def gatewright(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs the command."""
    command = [sys.executable, "-m", "gatewright", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT / "app", env=environment())


def printed(*arguments: str | Path) -> Any:
    """The document that the command prints."""
    done = gatewright(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def attempted(cluster: Cluster, policy: str, attempt: Object, role: str = "") -> Said:
    """What kubectl says to somebody who is judged by that policy: of a command, or of an object, which is not kept."""
    who = (f"--as={attempt.get('as', 'jane')}", f"--as-group={EVERYBODY}", f"--as-group={group(policy)}")
    if "kubectl" in attempt:
        return said(cluster.plane, *who, *shlex.split(attempt["kubectl"]))
    how = (*attempt.get("with", "create").split(), "--dry-run=server", "-f", "-")
    return said(cluster.plane, *who, *how, objects=(written(attempt, role),))


def found(denied: Said, policy: str) -> str:
    """What the one violation says that a request was denied for."""
    one = FOUND.search(denied.err)
    assert one, denied
    assert (one["policy"], denied.code, denied.out) == (policy, 1, "")
    return one["message"]


def test_every_policy_has_a_row() -> None:
    assert sorted(ROWS) == sorted(built_in().entries)


@pytest.mark.parametrize("policy", [id_ for id_ in ROWS if id_ not in UNASKED])
def test_it_denies_that_and_allows_this(cluster: Cluster, policy: str) -> None:
    row = ROWS[policy]
    denied, allowed = (attempted(cluster, policy, row[outcome], f"{policy}-{outcome}") for outcome in OUTCOMES)
    lets = f'rules[0] of ClusterRole "{policy}-deny" lets ServiceAccount shop/web ' if "rules" in row["deny"] else ""
    assert found(denied, policy).startswith(lets + row["says"])
    assert (allowed.code, allowed.err) == (row["allow"].get("code", 0), row["allow"].get("err", "")), allowed


def test_a_role_is_judged_by_the_binding_that_waits_for_it(cluster: Cluster) -> None:
    policy = "rbac-exec"
    rules, says = ROWS[policy]["deny"]["rules"], ROWS[policy]["says"]
    denied, warned = (
        attempted(cluster, policy, {"create": cluster_role(name, rules)}) for name in ("awaited", "not-awaited")
    )
    message = found(denied, policy)
    assert message.startswith(f'rules[0] of ClusterRole "awaited" lets its holders {says}')
    assert "; held by ServiceAccount shop/web; " in message
    assert warned.err.startswith(f'Warning: {policy}: rules[0] of ClusterRole "not-awaited" lets its holders {says}')
    assert "held by" not in warned.err
    assert (warned.code, warned.out) == (0, f"clusterrole.{RBAC}/not-awaited created (server dry run)\n")


@pytest.mark.parametrize("policy", UNASKED)
def test_a_scan_tells_of_what_admission_never_sees(cluster: Cluster, policy: str) -> None:
    denied, allowed = (written(ROWS[policy][outcome]) for outcome in OUTCOMES)
    create(cluster.plane, [denied, allowed])
    scan = ("scan", "--cluster", f"--kubeconfig={cluster.plane.kubeconfig}", "--only", policy, "-o", "json")
    judged = json.loads(gatewright(*scan).stdout)["objects"]
    messages = [finding["message"] for one in judged for finding in one["findings"]]
    assert ROWS[policy]["says"] in messages
    assert [message for message in messages if json.dumps(allowed["metadata"]["name"]) in message] == []

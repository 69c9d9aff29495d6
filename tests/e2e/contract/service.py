"""Our service, registered for what deploy/ registers it for, and for whatever else it can be asked about."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from controlplane import ControlPlane
from service import NAME, until

from gatewright.engine import registration
from tests.builders import Object, built_in
from tests.e2e.cluster import Cluster, Said, serving
from tests.e2e.contract import policies

WORKLOADS, REST = "workloads.gatewright.dev", "rest.gatewright.dev"

_RULES = [
    {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE", "DELETE"], "resources": ["configmaps"]},
    {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CONNECT"], "resources": ["pods/exec", "pods/attach"]},
    {"apiGroups": ["contract.example"], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["nests"]},
]
"""What the policies of the tests are about; the registration itself is cut down to pods."""

_SCHEMA = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
_NESTS: Object = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "nests.contract.example"},
    "spec": {
        "group": "contract.example",
        "scope": "Namespaced",
        "names": {"plural": "nests", "kind": "Nest"},
        "versions": [{"name": "v1", "served": True, "storage": True, "schema": _SCHEMA}],
    },
}
"""Objects that hold anything, however deep."""


@contextlib.contextmanager
def ours(plane: ControlPlane, folder: Path) -> Iterator[Cluster]:
    """A cluster where the service enforces, with policies of a test as well.

    Args:
        plane: the API server; nobody else's, since what is deep in its audit log breaks the reader of the whole.
        folder: gets the service's files.
    """
    with serving(plane, "overlays/enforce", folder, policies.write(folder / "own")) as cluster:
        configuration = ("validatingwebhookconfiguration", NAME, "-o", "json")
        present = json.loads(plane.kubectl("get", *configuration, check=True).stdout)
        [_, webhook] = present["webhooks"]
        person = [{"name": "a-person", "expression": 'request.userInfo.username == "admin"'}]
        webhook |= {"name": REST, "rules": _RULES, "matchConditions": person, "timeoutSeconds": 30}
        rest = {"apiVersion": present["apiVersion"], "kind": present["kind"], "metadata": {"name": "rest"}}
        assert cluster.create(rest | {"webhooks": [webhook]}, _NESTS).code == 0
        patient = '[{"op": "replace", "path": "/webhooks/0/timeoutSeconds", "value": 30}]'  # on a busy machine
        plane.kubectl("patch", *configuration[:2], "--type=json", "-p", patient, check=True)
        of_pods = registration.rules([entry.policy for entry in built_in().entries.values() if entry.policy.level])
        alone = json.dumps([{"op": "replace", "path": "/webhooks/0/rules", "value": of_pods["workloads"]}])
        plane.kubectl("patch", *configuration[:2], "--type=json", "-p", alone, check=True)
        until(lambda: cluster.apply(config_map("default", "probe", note="!"), dry_run=True).err)
        until(lambda: cluster.kubectl("get", "nests").code == 0)
        yield cluster


def config_map(place: str, name: str, **data: str) -> Object:
    """A ConfigMap, whose data the policies read."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": place}, "data": data}


def send(cluster: Cluster, file: Path, path: str, text: str) -> Said:
    """What kubectl says to a text that it sends as it is, and that is not stored."""
    file.write_text(text)
    return cluster.kubectl("create", "--raw", f"{path}?dryRun=All", "-f", file)

"""A cluster that the webhook is registered in, as whoever sits at the terminal sees it."""

import contextlib
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import checks
from controlplane import ControlPlane
from service import NAME, Pod, apply, pod, until, until_called

from gatewright.cluster.live import FRESH
from tests.builders import NOTHING, PREFIX, Changes, Object
from tests.builders import pod as minimal_pod
from tests.builders import workload as minimal_workload

_SECURITY = "spec.containers[0].securityContext"
PRIVILEGED: Changes = {f"{_SECURITY}.privileged": True, f"{_SECURITY}.allowPrivilegeEscalation": None}
"""A container as no level but privileged has it. To the API server it must be one that may escalate."""

HOST_PID: Changes = {"spec.hostPID": True}
"""Another offence, which trips one check of the baseline level alone."""

BARE: Changes = {_SECURITY: None}
"""A container as the baseline level allows it, and the restricted one does not."""

_GENERATED = "[b-df-hj-np-tv-xz2-9]"
"""The letters of a generated name."""


class Said(NamedTuple):
    """What kubectl printed, and its exit code."""

    code: int
    out: str
    err: str


def stable(text: str) -> str:
    """The text without what differs from run to run: the ids of decisions (hashes of the API server's random uids),
    those uids, the random ends of generated names, the hash of the ConfigMap, the Service's address, and the time."""
    text = re.sub(r"\[decision [a-z2-7]{8}\]", "[decision ID]", text)
    text = re.sub(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "UID", text)
    text = re.sub(rf"(-[b-df-hj-np-tv-xz0-9]{{8,10}})?-{_GENERATED}{{5}}\b", "-NAME", text)
    text = re.sub(r"(gatewright-configuration)-[a-z0-9]{10}\b", r"\1-HASH", text)
    text = re.sub(r"\b127\.\d+\.\d+\.\d+:8443\b", "ADDRESS", text)
    return re.sub(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME", text)


def said(plane: ControlPlane, *arguments: str | Path, objects: tuple[Object, ...] = ()) -> Said:
    """What kubectl says; `objects` are its standard input, a document each."""
    done = plane.kubectl(*arguments, input="\n---\n".join(map(json.dumps, objects)))
    return Said(done.returncode, stable(done.stdout), stable(done.stderr))


def audited(plane: ControlPlane, namespace: str, name: str, resource: str) -> dict[str, str]:
    """The annotations of the audit event of an object's creation; without the API server's on rights and times."""
    wanted = {"resource": resource, "namespace": namespace, "name": name}
    [event] = [
        event
        for event in plane.audit_events()
        if event["verb"] == "create" and wanted.items() <= event.get("objectRef", {}).items()
    ]
    others = ("authorization.k8s.io/", "apiserver.latency.k8s.io/")
    return {key: text for key, text in event["annotations"].items() if not key.startswith(others)}


@dataclass
class Cluster:
    """An API server, and the service beside it."""

    plane: ControlPlane
    pod: Pod

    def kubectl(self, *arguments: str | Path) -> Said:
        """What kubectl says."""
        return said(self.plane, *arguments)

    def create(self, *objects: Object) -> Said:
        """What `kubectl create` says of objects, the documents of one file."""
        return said(self.plane, "create", "-f", "-", objects=objects)

    def apply(self, *objects: Object, dry_run: bool = False) -> Said:
        """What `kubectl apply` says of objects, the documents of one file."""
        return said(self.plane, "apply", *(["--dry-run=server"] if dry_run else []), "-f", "-", objects=objects)

    def get(self, kind: str, name: str, namespace: str, path: str) -> str:
        """What `kubectl get` prints of an object, by a JSONPath."""
        return self.plane.kubectl("get", kind, name, "-n", namespace, "-o", f"jsonpath={path}", check=True).stdout

    def namespace(self, name: str, enforce: str = "") -> str:
        """A namespace that Pods can be created in: its default ServiceAccount is there."""
        labels = {PREFIX + "enforce": enforce} if enforce else {}
        item = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
        self.plane.kubectl("create", "-f", "-", input=json.dumps(item), check=True)
        account = ("get", "serviceaccount", "default", "-n", name)
        until(lambda: self.plane.kubectl(*account).returncode == 0)
        return name

    def tighten(self, namespace: str, level: str) -> Said:
        """Has a namespace enforce a level from now on; what kubectl says. Its old labels are believed for a second."""
        told = self.kubectl("label", "namespace", namespace, f"{PREFIX}enforce={level}", "--overwrite")
        time.sleep(FRESH)
        return told

    def audited(self, namespace: str, name: str, resource: str = "pods") -> dict[str, str]:
        """The annotations of the audit event of the creation of an object, or of the attempt."""
        return audited(self.plane, namespace, name, resource)

    def run_pods(self, namespace: str) -> None:
        """Says of the Pods that wait there, once there are any, what a kubelet would: that they run and are ready."""
        pending = ("get", "pods", "-n", namespace, "--field-selector=status.phase=Pending", "-o", "name")
        names = until(lambda: [*self.plane.kubectl(*pending, check=True).stdout.split()])
        condition = {"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"}
        status = json.dumps({"status": {"phase": "Running", "conditions": [condition]}})
        self.plane.kubectl("patch", *names, "-n", namespace, "--subresource=status", "-p", status, check=True)


def install(plane: ControlPlane, overlay: str) -> None:
    """Applies deploy/ afresh. With an older registration left whose webhook is dead, applying could be refused."""
    plane.kubectl("delete", "validatingwebhookconfiguration", NAME, "--ignore-not-found", check=True)
    apply(plane, overlay)


POD_SECURITY_ALONE = f"policies: {json.dumps(checks.alone())}\n"
"""Configuration for tests that are about what a person reads of one offence, and not about the catalogue."""


@contextlib.contextmanager
def serving(plane: ControlPlane, overlay: str, folder: Path, more: str = "") -> Iterator[Cluster]:
    """A cluster in which the service is installed, and is called.

    Args:
        plane: the API server.
        overlay: of deploy/, as `overlays/enforce`.
        folder: gets the service's files.
        more: lines of configuration besides the overlay's.
    """
    install(plane, overlay)
    with pod(plane, folder, more=more) as running:
        until_called(plane, running)
        yield Cluster(plane, running)


def offence(subject: str, at: str = "spec") -> str:
    """The denial of what is `HOST_PID`, and nothing else."""
    return f"""{subject}: 1 violation [decision ID]
 1. host-namespaces (high): the pod must not set hostPID to true
    at {at}.hostPID = true
    fix: set it to false
Why, and what is allowed: gatewright policies host-namespaces
"""


def a_pod(namespace: str, name: str, changes: Changes = NOTHING) -> Object:
    """A Pod of the restricted level, but for the changes."""
    return minimal_pod({"metadata.namespace": namespace, "metadata.name": name, **changes})


def a_workload(namespace: str, name: str, changes: Changes = NOTHING, kind: str = "Deployment") -> Object:
    """A Deployment, or another workload, of such Pods; `changes` are those of the Pod."""
    item = minimal_workload(kind, changes)
    item["metadata"] = {"name": name, "namespace": namespace}
    spec = item["spec"]
    if kind == "CronJob":
        spec["schedule"] = "@daily"
        spec = spec["jobTemplate"]["spec"]
    labels = {"app": name}
    spec["template"]["metadata"] = {"labels": labels}
    if kind in {"Job", "CronJob"}:
        spec["template"]["spec"]["restartPolicy"] = "Never"
    elif kind != "ReplicationController":
        spec["selector"] = {"matchLabels": labels}
    return item

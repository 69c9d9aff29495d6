"""An impostor that is registered twice, once under Fail and once under Ignore, and asked."""

import base64
import contextlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from controlplane import ControlPlane
from service import NAME, until

from gatewright.webhook.self_signed import self_signed
from tests.builders import Object
from tests.e2e.cluster import Said, said
from tests.e2e.contract.exchange import OK, Outcome
from tests.e2e.impostor import PORT, Answer, Impostor, Lost, impersonating

POLICIES = ("Fail", "Ignore")
TIMEOUT = 3
"""Seconds that a call may take, all its repetitions included."""

_COUNTERS = {
    "rejected": re.compile(
        r'apiserver_admission_webhook_rejection_count\{error_type="calling_webhook_error",name="fail.contract.example",'
        r".* (\d+)$"
    ),
    "failed open": re.compile(r'apiserver_admission_webhook_fail_open_count\{name="ignore.contract.example",.* (\d+)$'),
}


class Contract:
    """An API server that asks the impostor about ConfigMaps and about exec, in a namespace of each policy."""

    def __init__(self, plane: ControlPlane, impostor: Impostor) -> None:
        self.plane = plane
        self.impostor = impostor

    def create(self, policy: str, name: str, answers: Iterable[Answer | Lost]) -> Outcome:
        """What comes of the creation of a ConfigMap in the namespace of a policy."""
        self.impostor.give(answers)
        item = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": place(policy)}}
        told = said(self.plane, "create", "-f", "-", objects=(item,))
        [event] = events(self.plane, "create", place(policy), name)
        names = {name: "OBJECT", webhook(policy): "WEBHOOK", place(policy): "PLACE"}

        def unnamed(text: str) -> str:
            for known, stands_for in names.items():
                text = text.replace(known, stands_for)
            return re.sub(r"\b127\.0\.0\.1:\d+", "LOCAL", text)

        notes = {unnamed(key): unnamed(text) for key, text in notes_of(event).items()}
        return Outcome(Said(told.code, unnamed(told.out), unnamed(told.err)), event["responseStatus"]["code"], notes)

    def is_asked(self) -> bool:
        """Whether both are called: the API server learns of them a moment after they were registered."""
        self.impostor.give([OK])
        for policy in POLICIES:
            self.plane.kubectl("create", "configmap", "probe", "-n", place(policy), "--dry-run=server")
        return self.impostor.calls == ["POST", "POST"]

    def counted(self) -> tuple[int, int]:
        """The calls so far that failed under Fail and under Ignore, as the API server's metrics have them."""
        found = dict.fromkeys(_COUNTERS, 0)
        for line in self.plane.kubectl("get", "--raw", "/metrics", check=True).stdout.splitlines():
            for counter, pattern in _COUNTERS.items():
                if match := pattern.match(line):
                    found[counter] += int(match[1])
        return found["rejected"], found["failed open"]


def place(policy: str) -> str:
    """The namespace of a policy."""
    return f"contract-{policy.lower()}"


def webhook(policy: str) -> str:
    """The webhook of a policy."""
    return f"{policy.lower()}.contract.example"


def events(plane: ControlPlane, verb: str, namespace: str, name: str, subresource: str = "") -> list[Object]:
    """The audit events of an object; the log's other lines are not read, be they as deep as they like."""
    wanted = {"namespace": namespace, "name": name} | ({"subresource": subresource} if subresource else {})
    lines = (plane.folder / "audit.log").read_bytes().splitlines()
    found = [json.loads(line) for line in lines if f'"name":"{name}"'.encode() in line]
    found = [event for event in found if event["verb"] == verb and wanted.items() <= event["objectRef"].items()]
    return [event for event in found if event["stage"] != "ResponseStarted"]


def notes_of(event: Object) -> dict[str, str]:
    """The annotations of an audit event, without the API server's on rights and times."""
    others = ("authorization.k8s.io/", "apiserver.latency.k8s.io/")
    return {key: text for key, text in event["annotations"].items() if not key.startswith(others)}


@contextlib.contextmanager
def contract(plane: ControlPlane, folder: Path) -> Iterator[Contract]:
    """Registers an impostor at an address of its own; nothing else is in the way meanwhile.

    Args:
        plane: the API server.
        folder: gets the certificate.
    """
    plane.kubectl("delete", "validatingwebhookconfiguration", NAME, "--ignore-not-found", check=True)
    plane.kubectl("create", "service", "clusterip", "contract", f"--tcp={PORT}", check=True)
    host = plane.kubectl("get", "service", "contract", "-o", "jsonpath={.spec.clusterIP}", check=True).stdout
    certificate, key = self_signed(["contract.default.svc"])
    spaces = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": place(one)}} for one in POLICIES]
    registration = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": "contract"},
        "webhooks": [_webhook(policy, certificate) for policy in POLICIES],
    }
    items = "\n---\n".join(map(json.dumps, [*spaces, registration]))
    with impersonating(host, certificate, key, folder) as impostor:
        plane.kubectl("create", "-f", "-", input=items, check=True)
        try:
            registered = Contract(plane, impostor)
            until(registered.is_asked)
            yield registered
        finally:
            plane.kubectl("delete", "-f", "-", "--wait=false", input=items, check=True)
            plane.kubectl("delete", "service", "contract", check=True)


def _webhook(policy: str, certificate: bytes) -> Object:
    service = {"name": "contract", "namespace": "default", "port": PORT}
    return {
        "name": webhook(policy),
        "failurePolicy": policy,
        "admissionReviewVersions": ["v1"],
        "sideEffects": "None",
        "timeoutSeconds": TIMEOUT,
        "clientConfig": {"service": service, "caBundle": base64.b64encode(certificate).decode()},
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": place(policy)}},
        "matchConditions": [{"name": "a-person", "expression": 'request.userInfo.username == "admin"'}],
        "rules": [
            {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]},
            {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CONNECT"], "resources": ["pods/exec"]},
        ],
    }

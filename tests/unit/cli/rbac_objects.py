"""Roles and bindings for `gatewright rbac`: manifests, a cluster that has them, and a catalogue of one policy."""

from pathlib import Path
from typing import Any

import pytest

from gatewright.cluster.api import Forbidden
from gatewright.cluster.client import Client
from gatewright.engine import catalog
from gatewright.engine.world import Unavailable
from gatewright.model.kinds import path_of
from gatewright.model.version import KubernetesVersion, V
from tests.builders import Object
from tests.unit.cli.invoke import text
from tests.unit.cluster.apis import Api

GROUP = "rbac.authorization.k8s.io"
POLICY = '''"""It is told of."""

from gatewright.policy import Grants, Severity, Violation, Violations, policy


@policy(severity=Severity.HIGH)
def reads_secrets(grants: Grants) -> Violations:
    for given in grants.rules:
        if "secrets" in given.rule.resources:
            severity = Severity.MEDIUM if grants.namespaces else Severity.CRITICAL
            who = ", ".join(holder.name for holder in grants.holders) or "nobody"
            yield Violation(given.node, given.field, f"{given.said} gives secrets to {who}", severity=severity)
'''
MASTERS = "and whoever is in the group system:masters, who may do everything without a rule\n"


def role(name: str, *rules: Object, namespace: str = "", **labels: str) -> Object:
    kind, place = ("Role", {"namespace": namespace}) if namespace else ("ClusterRole", {})
    metadata = {"name": name, "labels": {key.replace("_", "-"): label for key, label in labels.items()}, **place}
    return {"apiVersion": f"{GROUP}/v1", "kind": kind, "metadata": metadata, "rules": list(rules)}


def rule(verbs: str, resources: str, groups: str = "", **more: list[str]) -> Object:
    """Words with blanks between them; the core group is "-" among others."""
    named = [group.replace("-", "") for group in groups.split()] or [""]
    return {"verbs": verbs.split(), "resources": resources.split(), "apiGroups": named, **more}


def binding(name: str, to: Object, *subjects: Object, namespace: str | None = None) -> Object:
    kind, place = ("ClusterRoleBinding", {}) if namespace is None else ("RoleBinding", {"namespace": namespace})
    reference = {"apiGroup": GROUP, "kind": to["kind"], "name": to["metadata"]["name"]}
    whole = {"apiVersion": f"{GROUP}/v1", "kind": kind, "metadata": {"name": name, **place}}
    return whole | {"roleRef": reference, "subjects": list(subjects)}


def user(name: str) -> Object:
    return {"kind": "User", "apiGroup": GROUP, "name": name}


def group(name: str) -> Object:
    return user(name) | {"kind": "Group"}


def account(name: str, namespace: str = "") -> Object:
    return {"kind": "ServiceAccount", "name": name, **({"namespace": namespace} if namespace else {})}


BARKER = role("barker", rule("bark", "widgets", "example.org"), {"verbs": ["get"], "nonResourceURLs": ["/bark/*"]})
READER = role("reader", rule("get list", "secrets configmaps", resourceNames=["a", "b"]), namespace="shop")
OBJECTS = (
    BARKER,
    READER,
    binding("everywhere", BARKER, user("jane"), group("devs")),
    binding("here", BARKER, account("web"), account("agent", "mon"), namespace="shop"),
    binding("there", READER, account("web"), namespace="shop"),
)


class Server(Api):
    """Has these objects and no others."""

    address = "https://api.example"

    def __init__(self, *objects: Object) -> None:
        super().__init__({path_of("Namespace"): {"kind": "NamespaceList", "items": [{"metadata": {"name": "shop"}}]}})
        for kind in ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"):
            items = [one for one in objects if one["kind"] == kind]
            self.items[path_of(f"{kind}.{GROUP}")] = {"kind": f"{kind}List", "items": items}

    def version(self) -> KubernetesVersion:
        return V(1, 35)

    def get(self, path: str, **query: Any) -> Object:
        return {"gitVersion": "v1.37.2"} if path == "/version" else super().get(path, **query)


def ask(monkeypatch: pytest.MonkeyPatch, folder: Path) -> list[Any]:
    """Has commands find the cluster, and the one policy in a folder; the kubeconfigs and contexts that are asked for.

    The context `gone` is of none, and in `shy` nobody may read Roles.
    """
    (folder / "rbac").mkdir()
    (folder / "rbac" / "reads_secrets.py").write_text(POLICY)
    monkeypatch.setattr(catalog, "built_in", lambda: folder)
    asked: list[Any] = []

    def by_kubeconfig(kubeconfig: Path | None, context: str | None) -> Server:
        asked.append((kubeconfig and str(kubeconfig), context))
        if context == "gone":
            raise Unavailable("no access to a cluster: gone")
        server = Server(*OBJECTS)
        if context == "shy":
            path = path_of(f"Role.{GROUP}")
            server.items[path] = Forbidden(f"GET {path}: 403")
        return server

    monkeypatch.setattr(Client, "by_kubeconfig", by_kubeconfig)
    return asked


def documents(folder: Path, name: str, *objects: Object) -> str:
    """A file of objects, by its name."""
    (folder / name).write_text(text(*objects))
    return name

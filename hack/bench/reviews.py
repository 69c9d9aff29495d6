"""Reviews of Pods as an API server sends them, of a given size, every one different."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

UID_LENGTH = 36
NAMESPACE = "shop"
_PAD = "padding"
_ENV: dict[str, Any] = {"f:name": {}, "f:value": {}, ".": {}}


@dataclass(frozen=True)
class Shape:
    """What reviews look like. Those that are not `denied` are of Pods that no policy says anything of.

    Attributes:
        size: bytes, exactly; 0: as few as it takes.
        containers: regular ones.
        init_containers: those that run before.
        denied: whether a container is privileged; else the pod is of the restricted level.
        nested: whether managedFields make up the size, deeply nested; else the environment of the containers.
        unlike: whether no Pod has the outline of another, as no cluster has them; else all have one.
        update: whether it is an UPDATE that changes every image; both objects are of half the size.
    """

    size: int
    containers: int = 1
    init_containers: int = 0
    denied: bool = False
    nested: bool = False
    update: bool = False
    unlike: bool = False


def body(shape: Shape, number: int) -> bytes:
    """A review; another number makes another uid, name, image and environment."""
    request = _request(number)
    if shape.update:
        old, new = _Filled(shape, number, "old"), _Filled(shape, number, "new")
        request |= {"operation": "UPDATE", "object": new.pod, "oldObject": old.pod}
        filled = [new, old]
    else:
        filled = [_Filled(shape, number, "new")]
        request |= {"operation": "CREATE", "object": filled[0].pod, "oldObject": None}
    review = {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": request}
    if shape.size:
        missing = shape.size - len(_json(review))
        first, *others = filled
        share = missing // len(filled)
        for one in others:
            one.fill(share)
        first.fill(missing - share * len(others))
    return _json(review)


def bodies(shape: Shape) -> list[bytes]:
    """So many different ones that nothing can know them all by heart, as far as they fit into memory."""
    fitting = 24 * 2**20 // len(body(shape, 0))
    return [body(shape, number) for number in range(max(8, min(512, fitting)))]


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _uid(number: int, kind: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{kind} {number}"))


def _request(number: int) -> dict[str, Any]:
    kind, resource = {"group": "", "version": "v1"}, {"group": "", "version": "v1", "resource": "pods"}
    return {
        "uid": _uid(number, "review"),
        "kind": {**kind, "kind": "Pod"},
        "resource": resource,
        "requestKind": {**kind, "kind": "Pod"},
        "requestResource": resource,
        "name": f"web-{number}",
        "namespace": NAMESPACE,
        "operation": "",
        "userInfo": {
            "username": "system:serviceaccount:kube-system:replicaset-controller",
            "groups": ["system:serviceaccounts", "system:authenticated"],
        },
        "object": None,
        "oldObject": None,
        "dryRun": False,
    }


class _Filled:
    """A Pod, and what makes it larger."""

    def __init__(self, shape: Shape, number: int, revision: str) -> None:
        self._number = number
        self._nested = shape.nested
        names = [f"init-{index}" for index in range(shape.init_containers)]
        names += [f"app-{index}" for index in range(shape.containers)]
        self._containers = [_container(name, number, revision) for name in names]
        if shape.denied:
            self._containers[-1]["securityContext"] |= {"privileged": True, "allowPrivilegeEscalation": True}
        fields: dict[str, dict[str, Any]] = {
            f'k:{{"name":"{name}"}}': {".": {}, "f:env": {".": {}}, "f:image": {}} for name in names
        }
        self._fields: list[dict[str, Any]] = [field["f:env"] for field in fields.values()]
        self._managed: dict[str, Any] = {"f:spec": {"f:containers": fields}}
        split = shape.init_containers
        self.pod = _pod(number, self._containers[:split], self._containers[split:], self._managed)
        if shape.unlike:
            self.pod["spec"]["securityContext"]["runAsUser"] = 10_000 + number

    def fill(self, missing: int) -> None:
        """Makes the pod longer by so many bytes of JSON.

        Raises:
            ValueError: it is too long already.
        """
        annotations = self.pod["metadata"]["annotations"]
        annotations[_PAD] = ""
        missing -= len(_json({_PAD: ""})) - 1
        if missing < 0:
            raise ValueError(f"the smallest such review has {-missing} bytes more")
        index = 0
        while missing > 600:
            missing -= self._nest(index) if self._nested else self._variable(index)
            index += 1
        annotations[_PAD] = "x" * missing

    def _variable(self, index: int) -> int:
        """Adds an environment variable to one of the containers; the bytes that it takes."""
        at = index % len(self._containers)
        name, value = f"SETTING_{index}", f"https://service-{index}.example/{self._number}?retries=3"
        variable = {"name": name, "value": value}
        environment = self._containers[at].setdefault("env", [])
        taken = len(_json(variable)) + (1 if environment else len(',"env":[]'))
        environment.append(variable)
        key = f'k:{{"name":"{name}"}}'
        self._fields[at][key] = _ENV
        return taken + len(_json({key: _ENV})) - 1

    def _nest(self, index: int) -> int:
        """Adds fields, one in the other, to what is managed; the bytes that they take."""
        inner: dict[str, Any] = {}
        for level in range(12):
            inner = {".": {}, f"f:level-{level}": inner, "f:value": {}}
        self._managed[f"f:tree-{self._number}-{index}"] = inner
        return len(_json({f"f:tree-{self._number}-{index}": inner})) - 1


def _container(name: str, number: int, revision: str) -> dict[str, Any]:
    return {
        "name": name,
        "image": f"registry.example/shop/{name}:{revision}-{number}@sha256:{number:064x}",
        "resources": {"limits": {"memory": "256Mi"}, "requests": {"cpu": "100m", "memory": "128Mi"}},
        "volumeMounts": [{"name": "work", "mountPath": "/tmp"}],  # noqa: S108  # of the container
        "securityContext": {
            "capabilities": {"drop": ["ALL"]},
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
        },
    }


def _pod(number: int, init: list[Any], regular: list[Any], managed: dict[str, Any]) -> dict[str, Any]:
    for container in regular:
        container["livenessProbe"] = {"httpGet": {"path": "/live", "port": 8080}, "periodSeconds": 10}
        container["readinessProbe"] = {"httpGet": {"path": "/ready", "port": 8080}}
    spec: dict[str, Any] = {
        "volumes": [{"name": "work", "emptyDir": {}}],
        **({"initContainers": init} if init else {}),
        "containers": regular,
        "restartPolicy": "Always",
        "serviceAccountName": "web",
        "automountServiceAccountToken": False,
        "hostUsers": False,
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    }
    fields = {"manager": "kube-controller-manager", "operation": "Update", "apiVersion": "v1"}
    metadata = {
        "name": f"web-{number}",
        "namespace": NAMESPACE,
        "uid": _uid(number, "pod"),
        "creationTimestamp": "2026-01-01T00:00:00Z",
        "labels": {"app": "web"},
        "ownerReferences": [
            {
                "apiVersion": "apps/v1",
                "kind": "ReplicaSet",
                "name": "web",
                "uid": _uid(number, "owner"),
                "controller": True,
            }
        ],
        "annotations": {"number": str(number)},
        "managedFields": [{**fields, "fieldsType": "FieldsV1", "fieldsV1": managed}],
    }
    return {"kind": "Pod", "apiVersion": "v1", "metadata": metadata, "spec": spec}

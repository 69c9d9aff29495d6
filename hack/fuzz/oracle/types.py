"""The types of Kubernetes' fields, as plain tables, and where an object has others.

Source: k8s.io/api core/v1 and meta/v1. A field that a check reads must be of its type, or nobody can say what the check
would say. One that none reads (`Known`) may be held to its type.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

STRING, BOOLEAN, INTEGER, NUMBER = "string", "boolean", "integer", "number"


class List(NamedTuple):
    """A list, and what its items are."""

    item: Any


class Map(NamedTuple):
    """A mapping from anything to one type."""

    value: Any


class Either(NamedTuple):
    """A scalar of one of several types."""

    of: tuple[str, ...]


class Known(NamedTuple):
    """A field that no check reads."""

    of: Any


_PROFILE = {"type": STRING}
_SELINUX = {"user": STRING, "role": STRING, "type": STRING, "level": Known(STRING)}
_WINDOWS = {"hostProcess": BOOLEAN}
_SHARED = {
    "appArmorProfile": _PROFILE,
    "runAsGroup": Known(INTEGER),
    "runAsNonRoot": BOOLEAN,
    "runAsUser": INTEGER,
    "seLinuxOptions": _SELINUX,
    "seccompProfile": _PROFILE,
    "windowsOptions": _WINDOWS,
}
_ADDRESS = Known(Either((STRING, INTEGER)))
_COMMAND = {"command": Known(List(STRING))}
_HEADERS = Known(List({"name": STRING, "value": STRING}))
_HTTP = {"host": STRING, "httpHeaders": _HEADERS, "path": Known(STRING), "port": _ADDRESS, "scheme": Known(STRING)}
_HANDLER = {"exec": _COMMAND, "httpGet": _HTTP, "tcpSocket": {"host": STRING, "port": _ADDRESS}}
_PROBE = {
    **_HANDLER,
    "failureThreshold": Known(INTEGER),
    "periodSeconds": Known(INTEGER),
    "grpc": {"port": Known(INTEGER), "service": Known(STRING)},
}
_QUANTITIES = Known(Map(Either((STRING, NUMBER))))
_RESOURCES = {"limits": _QUANTITIES, "requests": _QUANTITIES}
_SECRET_KEY = {"name": STRING, "key": STRING}
_PORT = {
    "containerPort": Known(INTEGER),
    "hostIP": Known(STRING),
    "hostPort": INTEGER,
    "name": Known(STRING),
    "protocol": Known(STRING),
}
_CONTAINER = {
    "name": STRING,
    "image": STRING,
    "imagePullPolicy": Known(STRING),
    "lifecycle": {"postStart": _HANDLER, "preStop": _HANDLER},
    "args": Known(List(STRING)),
    "command": Known(List(STRING)),
    "env": Known(List({"name": STRING, "value": STRING, "valueFrom": {"secretKeyRef": _SECRET_KEY}})),
    "envFrom": Known(List({"prefix": STRING, "secretRef": {"name": STRING}})),
    "livenessProbe": _PROBE,
    "readinessProbe": _PROBE,
    "startupProbe": _PROBE,
    "resources": _RESOURCES,
    "restartPolicy": Known(STRING),
    "volumeMounts": Known(List({"mountPath": STRING, "name": STRING, "readOnly": BOOLEAN})),
    "ports": List(_PORT),
    "securityContext": {
        **_SHARED,
        "allowPrivilegeEscalation": BOOLEAN,
        "capabilities": {"add": List(STRING), "drop": List(STRING)},
        "privileged": BOOLEAN,
        "procMount": STRING,
        "readOnlyRootFilesystem": Known(BOOLEAN),
    },
}
SOURCES = (
    *("awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "configMap", "csi", "downwardAPI"),
    *("emptyDir", "ephemeral", "fc", "flexVolume", "flocker", "gcePersistentDisk", "gitRepo", "glusterfs", "hostPath"),
    *("image", "iscsi", "nfs", "persistentVolumeClaim", "photonPersistentDisk", "portworxVolume", "projected"),
    *("quobyte", "rbd", "scaleIO", "secret", "storageos", "vsphereVolume"),
)
"""Every source that core/v1's Volume has."""

_VOLUME: dict[str, Any] = {"name": Known(STRING), **{source: {} for source in SOURCES}}
_VOLUME["hostPath"] = {"path": Known(STRING), "type": Known(STRING)}
_VOLUME["image"] = {"pullPolicy": Known(STRING), "reference": Known(STRING)}
_VOLUME["persistentVolumeClaim"] = {"claimName": Known(STRING)}
_PROJECTION = {"podCertificate": {}, "secret": {"name": STRING}, "serviceAccountToken": {"audience": STRING}}
_VOLUME["projected"] = {"sources": Known(List(_PROJECTION))}
_VOLUME["secret"] = {"secretName": Known(STRING)}
_REQUIREMENTS = List({"key": STRING, "operator": STRING, "values": List(STRING)})
_TERM = {"matchExpressions": _REQUIREMENTS, "matchFields": _REQUIREMENTS}
_NODE_AFFINITY = {
    "preferredDuringSchedulingIgnoredDuringExecution": List({"preference": _TERM, "weight": INTEGER}),
    "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": List(_TERM)},
}
_OWNER = {"apiVersion": STRING, "kind": STRING, "name": STRING, "uid": STRING, "controller": BOOLEAN}
METADATA = {
    "name": Known(STRING),
    "generateName": Known(STRING),
    "namespace": Known(STRING),
    "labels": Known(Map(STRING)),
    "annotations": Map(STRING),
    "ownerReferences": Known(List(_OWNER)),
}
TEMPLATE = {
    "metadata": METADATA,
    "spec": {
        "containers": List(_CONTAINER),
        "ephemeralContainers": List(_CONTAINER),
        "initContainers": List(_CONTAINER),
        "affinity": Known({"nodeAffinity": _NODE_AFFINITY}),
        "automountServiceAccountToken": Known(BOOLEAN),
        "hostAliases": Known(List({"ip": STRING, "hostnames": List(STRING)})),
        "hostIPC": BOOLEAN,
        "hostNetwork": BOOLEAN,
        "hostPID": BOOLEAN,
        "hostUsers": BOOLEAN,
        "nodeName": Known(STRING),
        "nodeSelector": Known(Map(STRING)),
        "os": {"name": STRING},
        "priorityClassName": Known(STRING),
        "resources": _RESOURCES,
        "restartPolicy": Known(STRING),
        "runtimeClassName": Known(STRING),
        "securityContext": {
            **_SHARED,
            "fsGroup": Known(INTEGER),
            "supplementalGroups": Known(List(INTEGER)),
            "sysctls": List({"name": STRING, "value": Known(STRING)}),
        },
        "serviceAccount": Known(STRING),
        "serviceAccountName": Known(STRING),
        "shareProcessNamespace": Known(BOOLEAN),
        "tolerations": Known(List({"effect": STRING, "key": STRING, "operator": STRING, "value": STRING})),
        "volumes": List(_VOLUME),
    },
}
NAMESPACE = {"metadata": {**METADATA, "labels": Map(STRING), "annotations": Known(Map(STRING))}}

_KIND = {"group": STRING, "version": STRING, "kind": STRING}
REQUEST = {
    "uid": STRING,
    "kind": _KIND,
    "resource": {"group": STRING, "version": STRING, "resource": STRING},
    "subResource": STRING,
    "requestKind": _KIND,
    "name": STRING,
    "namespace": STRING,
    "operation": STRING,
    "userInfo": {"username": STRING, "uid": STRING, "groups": List(STRING)},
    "dryRun": BOOLEAN,
}
"""admission.k8s.io/v1's AdmissionRequest, without its objects and options."""


def wrong(value: Any, type_: Any, *, is_read: bool = True) -> Iterator[bool]:
    """For each place of a wrong type, whether a check reads it. Null is nothing, and a whole number an integer."""
    if isinstance(type_, Known):
        type_, is_read = type_.of, False
    if value is None:
        return
    if isinstance(type_, str | Either):
        if not any(_is(value, one) for one in (type_.of if isinstance(type_, Either) else (type_,))):
            yield is_read
    elif not isinstance(value, list if isinstance(type_, List) else dict):
        yield is_read
    else:
        for inner, inner_type in _inner(value, type_):
            yield from wrong(inner, inner_type, is_read=is_read)


def _inner(value: Any, type_: Any) -> Iterator[tuple[Any, Any]]:
    """What a list or a mapping holds, each with its type; without what has none."""
    if isinstance(type_, List):
        yield from ((item, type_.item) for item in value)
    elif isinstance(type_, Map):
        yield from ((entry, type_.value) for entry in value.values())
    else:
        yield from ((entry, type_[key]) for key, entry in value.items() if key in type_)


def _is(value: Any, type_: str) -> bool:
    if type_ == STRING:
        return isinstance(value, str)
    if type_ == BOOLEAN:
        return isinstance(value, bool)
    if type_ == NUMBER:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(value, float):
        return value.is_integer() and abs(value) < 2**63
    return isinstance(value, int) and not isinstance(value, bool)

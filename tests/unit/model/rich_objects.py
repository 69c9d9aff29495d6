"""Objects with every modelled field, and some that are not modelled."""

from gatewright.engine.minimal import put
from gatewright.model.pod import CONTAINER_LISTS, TEMPLATES
from gatewright.model.volume import Volume
from tests.builders import Object

HOOK = {
    "exec": {"command": ["a"]},
    "httpGet": {
        "host": "a",
        "httpHeaders": [{"name": "a", "value": "b"}],
        "path": "/",
        "port": "http",
        "scheme": "HTTP",
    },
    "tcpSocket": {"host": "", "port": 80},
}
PROBE = HOOK | {"grpc": {"port": 80, "service": "a"}, "failureThreshold": 3, "periodSeconds": 1}
RESOURCES = {"limits": {"cpu": 1, "memory": "1Gi"}, "requests": {"cpu": 0.5, "memory": "1Gi"}, "claims": []}
CONTEXT = {
    "appArmorProfile": {"type": "RuntimeDefault", "localhostProfile": "a"},
    "runAsGroup": 0,
    "runAsNonRoot": True,
    "runAsUser": 0,
    "seLinuxOptions": {"user": "u", "role": "r", "type": "t", "level": "l"},
    "seccompProfile": {"type": "Localhost", "localhostProfile": "a"},
    "windowsOptions": {"hostProcess": True, "gmsaCredentialSpecName": "a"},
}
CONTAINER = {
    "name": "app",
    "image": "registry.example/app:1",
    "imagePullPolicy": "Always",
    "args": ["a"],
    "command": ["a"],
    "env": [
        {"name": "A", "value": "b"},
        {"name": "B", "valueFrom": {"secretKeyRef": {"name": "a", "key": "b"}, "fieldRef": {"fieldPath": "a"}}},
    ],
    "envFrom": [{"prefix": "A_", "secretRef": {"name": "a"}}, {"configMapRef": {"name": "a"}}],
    "lifecycle": {"postStart": HOOK, "preStop": HOOK},
    "livenessProbe": PROBE,
    "readinessProbe": PROBE,
    "startupProbe": PROBE,
    "resources": RESOURCES,
    "restartPolicy": "Always",
    "volumeMounts": [{"name": "a", "mountPath": "/a", "readOnly": True, "subPath": "a"}],
    "ports": [{"containerPort": 80, "hostIP": "1.2.3.4", "hostPort": 80, "name": "http", "protocol": "TCP"}],
    "securityContext": CONTEXT
    | {
        "allowPrivilegeEscalation": True,
        "capabilities": {"add": ["SYS_ADMIN"], "drop": ["ALL"]},
        "privileged": True,
        "procMount": "Unmasked",
        "readOnlyRootFilesystem": False,
    },
}
SOURCES = {
    "hostPath": {"path": "/", "type": ""},
    "image": {"pullPolicy": "Always", "reference": "registry.example/app:1"},
    "persistentVolumeClaim": {"claimName": "a"},
    "projected": {
        "sources": [
            {"serviceAccountToken": {"audience": "a", "path": "a"}, "podCertificate": {}},
            {"secret": {"name": "a"}},
        ]
    },
    "secret": {"secretName": "a"},
}
METADATA = {
    "name": "web",
    "generateName": "web-",
    "namespace": "shop",
    "labels": {"app": "web"},
    "annotations": {"container.apparmor.security.beta.kubernetes.io/app": "unconfined"},
    "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": "1", "controller": True}],
    "managedFields": [{"manager": "kubectl", "fieldsV1": {"f:spec": {}}}],
}
TERM = {
    "matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}],
    "matchFields": [{"key": "a", "operator": "In", "values": ["b"]}],
}
SPEC = {
    **{name: [CONTAINER, {"name": "second"}] for name in CONTAINER_LISTS},
    "hostIPC": True,
    "hostNetwork": True,
    "hostPID": False,
    "hostUsers": False,
    "nodeName": "node",
    "os": {"name": "linux"},
    "restartPolicy": "Always",
    "runtimeClassName": "gvisor",
    "securityContext": CONTEXT
    | {"fsGroup": 1, "supplementalGroups": [1, 2], "sysctls": [{"name": "kernel.msgmax", "value": "1"}]},
    "affinity": {
        "nodeAffinity": {
            "preferredDuringSchedulingIgnoredDuringExecution": [{"preference": TERM, "weight": 1}],
            "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [TERM]},
        },
        "podAntiAffinity": {},
    },
    "automountServiceAccountToken": False,
    "hostAliases": [{"ip": "1.2.3.4", "hostnames": ["a"]}],
    "nodeSelector": {"a": "b"},
    "priorityClassName": "a",
    "resources": RESOURCES,
    "serviceAccount": "web",
    "serviceAccountName": "web",
    "shareProcessNamespace": True,
    "tolerations": [{"key": "a", "operator": "Equal", "value": "b", "effect": "NoSchedule", "tolerationSeconds": 1}],
    "volumes": [
        {"name": source, source: SOURCES.get(source, {})}
        for source in Volume.__struct_encode_fields__
        if source != "name"
    ],
}


def rich(kind: str) -> Object:
    """A Pod, Deployment, CronJob or Namespace."""
    key = {"Deployment": "Deployment.apps", "CronJob": "CronJob.batch"}.get(kind, kind)
    group = key.partition(".")[2]
    whole: Object = {"apiVersion": f"{group}/v1" if group else "v1", "kind": kind, "metadata": METADATA}
    if kind == "Namespace":
        labels = {f"pod-security.kubernetes.io/{mode}": "Baseline" for mode in ("enforce", "audit", "warn")}
        return whole | {"metadata": METADATA | {"labels": labels}, "spec": {"finalizers": ["kubernetes"]}}
    if kind == "Pod":
        return whole | {"spec": SPEC}
    put(whole, TEMPLATES[key], {"metadata": METADATA, "spec": SPEC})
    return whole

"""Pods by chance: one that the restricted level allows, changed in fields that the checks read."""

import copy
from random import Random
from typing import Any

from fuzz.oracle.objects import CARRIERS
from fuzz.oracle.types import SOURCES

Object = dict[str, Any]
Values = tuple[Any, ...]

_BOOL: Values = (True, False, None)
_TYPE: Values = ("RuntimeDefault", "Localhost", "Unconfined", "runtimeDefault", "", None)
_HOST: Values = ("127.0.0.1", "", None, "evil.example", "\u202e", "0")
_SELINUX: Values = (
    *({"type": name} for name in ("container_t", "container_engine_t", "spc_t", "", "Container_t", None)),
    *({"user": name} for name in ("system_u", "", None)),
    *({"role": name} for name in ("object_r", "", None)),
    {"level": "s0:c1"},
    {},
    None,
)
_NAMES: Values = (
    "ALL", "all", "NET_BIND_SERVICE", "CHOWN", "KILL", "SYS_ADMIN", "CAP_CHOWN", "NET_RAW", "", None, "AUDIT_WRITE",
)  # fmt: skip
_SYSCTLS: Values = (
    "kernel.shm_rmid_forced", "net.ipv4.tcp_notsent_lowat", "net.ipv4.ip_local_port_range", "net.core.somaxconn",
    "kernel.msgmax", "net/ipv4/tcp_syncookies", "KERNEL.SHM_RMID_FORCED", "", None,
)  # fmt: skip

SHARED: dict[str, Values] = {
    "appArmorProfile.type": _TYPE,
    "appArmorProfile": ({}, None),
    "runAsNonRoot": _BOOL,
    "runAsUser": (0, 0.0, -0.0, 1, 1000.0, 65535, -1, 2**63, None),
    "runAsGroup": (0, 1, None),
    "seLinuxOptions": _SELINUX,
    "seccompProfile.type": _TYPE,
    "seccompProfile": ({}, None, {"localhostProfile": "a"}),
    "windowsOptions.hostProcess": _BOOL,
}
"""What a security context of a pod and of a container can say."""

OF_CONTAINER: dict[str, Values] = {
    **{f"securityContext.{name}": values for name, values in SHARED.items()},
    "securityContext": ({}, None),
    "securityContext.allowPrivilegeEscalation": _BOOL,
    "securityContext.capabilities.add": ([], None),
    "securityContext.capabilities.drop": ([], None, ["ALL"], ["all"], ["ALL", "CHOWN"]),
    "securityContext.privileged": _BOOL,
    "securityContext.procMount": ("Default", "Unmasked", "default", "", None),
    "securityContext.readOnlyRootFilesystem": _BOOL,
    **{
        f"{kind}Probe.{action}.host": _HOST
        for kind in ("liveness", "readiness", "startup")
        for action in ("httpGet", "tcpSocket")
    },
    **{
        f"lifecycle.{hook}.{action}.host": _HOST
        for hook in ("postStart", "preStop")
        for action in ("httpGet", "tcpSocket")
    },
    "livenessProbe": ({}, None, {"exec": {"command": ["a"]}}),
    "ports": (
        [],
        None,
        [{"containerPort": 80}],
        [{"hostPort": 80}],
        [None, {"hostPort": 0}],
        [{"hostPort": 0.0}],
        [{"hostPort": 8080.0}],
    ),
    "image": ("registry.example/a:2", "", None),
    "name": ("", "a\nb", "é", "x" * 300, None),
    "env": ([{"name": "A", "value": "b"}], None),
    "resources": ({"limits": {"cpu": "1"}}, {}),
}
OF_SPEC: dict[str, Values] = {
    **{f"securityContext.{name}": values for name, values in SHARED.items()},
    "securityContext": ({}, None),
    "securityContext.fsGroup": (0, 1, None),
    "securityContext.supplementalGroups": ([], [1], None),
    "hostIPC": _BOOL,
    "hostNetwork": _BOOL,
    "hostPID": _BOOL,
    "hostUsers": _BOOL,
    "os": ({"name": "windows"}, {"name": "linux"}, {"name": "Windows"}, {}, None),
    "nodeName": ("node", "", None),
    "serviceAccountName": ("web", None),
    "tolerations": ([{"key": "a"}], None),
}  # fmt: skip
_APPARMOR: Values = ("runtime/default", "localhost/a", "unconfined", "", None, "Runtime/Default", "localhost")


def careful_container(rng: Random, name: str) -> Object:
    """A container that the restricted level allows."""
    context: Object = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    if rng.random() < 0.5:
        context |= {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    return {"name": name, "image": f"registry.example/{name}:1", "securityContext": context}


def pod(rng: Random) -> Object:
    """A pod: `metadata` and `spec`."""
    context = {"runAsNonRoot": True, "seccompProfile": {"type": rng.choice(("RuntimeDefault", "Localhost"))}}
    spec: Object = {"containers": [], "securityContext": context}
    for kind, most in (("containers", 2), ("initContainers", 1), ("ephemeralContainers", 1)):
        number = rng.randint(int(kind == "containers"), most)
        if number:
            spec[kind] = [careful_container(rng, f"{kind[0]}{index}") for index in range(number)]
    made: Object = {"metadata": {"name": "web", "labels": {"app": "web"}}, "spec": spec}
    for _ in range(rng.choice((0, 0, 1, 1, 1, 2, 3, 6, 15))):
        change(rng, made)
    return made


def change(rng: Random, made: Object) -> None:
    """Changes one field."""
    spec = made["spec"]
    chance = rng.random()
    if chance < 0.5:
        lists = [items for name in ("containers", "initContainers", "ephemeralContainers") if (items := spec.get(name))]
        holder = rng.choice(rng.choice(lists))
        if chance < 0.08:
            lists_of = holder.setdefault("securityContext", {}) or {}
            lists_of["capabilities"] = {
                which: [rng.choice(_NAMES) for _ in range(rng.randint(0, 3))] for which in ("add", "drop")
            }
            holder["securityContext"] = lists_of
        else:
            put(holder, *_chosen(rng, OF_CONTAINER))
    elif chance < 0.75:
        put(spec, *_chosen(rng, OF_SPEC))
    elif chance < 0.85:
        source = rng.choice((*SOURCES, "hostPath", "hostPath", "fooVolume", "hostpath"))
        volume = {"name": "v", source: rng.choice(({}, {}, {"path": "/"}, None))}
        if rng.random() < 0.2:
            volume[rng.choice(SOURCES)] = {}
        spec["volumes"] = [*(spec.get("volumes") or []), rng.choice((volume, volume, volume, {"name": "w"}, None))]
    elif chance < 0.93:
        sysctls = [{"name": rng.choice(_SYSCTLS), "value": "1"} for _ in range(rng.randint(0, 3))]
        put(spec, "securityContext.sysctls", sysctls)
    else:
        key = rng.choice(("container.apparmor.security.beta.kubernetes.io/", "seccomp.security.alpha.kubernetes.io/"))
        put(made["metadata"], "annotations", {f"{key}{rng.choice(('c0', 'nobody', ''))}": rng.choice(_APPARMOR)})


def _chosen(rng: Random, fields: dict[str, Values]) -> tuple[str, Any]:
    path = rng.choice(list(fields))
    return path, copy.deepcopy(rng.choice(fields[path]))


def put(holder: Any, path: str, value: Any) -> None:
    """Sets what is at a path, and whatever is missing on the way."""
    *steps, last = path.split(".")
    for step in steps:
        if not isinstance(holder.get(step), dict):
            holder[step] = {}
        holder = holder[step]
    holder[last] = value


def carried(rng: Random, made: Object) -> tuple[Object, Object, tuple[str, ...]]:
    """A pod within an object of some kind: the kind of a request, that object, and where the pod is in it."""
    group, kind = rng.choice((("", "Pod"), ("", "Pod"), ("", "Pod"), *CARRIERS))
    path = CARRIERS[group, kind]
    whole: Object = made if not path else {"metadata": {"name": "web"}}
    if path:
        put(whole, ".".join(path), made)
    version = {"apiVersion": f"{group}/v1" if group else "v1", "kind": kind}
    return {"group": group, "version": "v1", "kind": kind}, version | whole, path

"""Changes of a pod by chance, each of a field that a pod-security check reads."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Object = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]
Change = Callable[[Draw, Object, Object], None]
"""Changes a pod, or the container of it that is given besides."""

CAPABILITIES = ["NET_BIND_SERVICE", "CHOWN", "SETPCAP", "NET_RAW", "NET_ADMIN", "ALL", "chown", "CAP_KILL"]
SYSCTLS = {
    "kernel.shm_rmid_forced": "1",
    "net.ipv4.ip_local_port_range": "1024 65535",
    "net.ipv4.ip_local_reserved_ports": "8080",
    "net.ipv4.ip_unprivileged_port_start": "80",
    "net.ipv4.ping_group_range": "0 0",
    "net.ipv4.tcp_fin_timeout": "60",
    "net.ipv4.tcp_keepalive_intvl": "60",
    "net.ipv4.tcp_keepalive_probes": "9",
    "net.ipv4.tcp_keepalive_time": "600",
    "net.ipv4.tcp_notsent_lowat": "16384",
    "net.ipv4.tcp_rmem": "4096 87380 6291456",
    "net.ipv4.tcp_slow_start_after_idle": "0",
    "net.ipv4.tcp_syncookies": "1",
    "net.ipv4.tcp_wmem": "4096 16384 4194304",
    "net.core.somaxconn": "1024",
    "kernel.msgmax": "65536",
}
SOURCES: dict[str, Object] = {
    "awsElasticBlockStore": {"volumeID": "v"},
    "azureFile": {"secretName": "s", "shareName": "s"},
    "cephfs": {"monitors": ["m"]},
    "configMap": {"name": "c"},
    "csi": {"driver": "d.example"},
    "downwardAPI": {"items": [{"path": "name", "fieldRef": {"fieldPath": "metadata.name"}}]},
    "emptyDir": {},
    "ephemeral": {
        "volumeClaimTemplate": {
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
        }
    },
    "fc": {"targetWWNs": ["w"], "lun": 1},
    "flexVolume": {"driver": "d.example/v"},
    "gcePersistentDisk": {"pdName": "p"},
    "gitRepo": {"repository": "https://git.example/r"},
    "hostPath": {"path": "/var/log"},
    "image": {"reference": "registry.example/data:1", "pullPolicy": "Always"},
    "iscsi": {"targetPortal": "192.0.2.1", "iqn": "iqn.2026-11.example:s", "lun": 1},
    "nfs": {"server": "n.example", "path": "/e"},
    "persistentVolumeClaim": {"claimName": "c"},
    "projected": {"sources": [{"configMap": {"name": "c"}}]},
    "rbd": {"monitors": ["m"], "image": "i"},
    "secret": {"secretName": "s"},
}


def _context(draw: Draw, pod: Object, container: Object) -> Object:
    """The securityContext of the pod, or of the container."""
    context: Object = draw(st.sampled_from([pod["spec"], container])).setdefault("securityContext", {})
    return context


def _own(container: Object) -> Object:
    context: Object = container.setdefault("securityContext", {})
    return context


def _app_armor(draw: Draw, pod: Object, container: Object) -> None:
    profile = {"type": draw(st.sampled_from(["Unconfined", "RuntimeDefault", "Localhost"]))}
    named = {"localhostProfile": "p"} if profile["type"] == "Localhost" else {}
    _context(draw, pod, container)["appArmorProfile"] = profile | named


def _app_armor_annotation(draw: Draw, pod: Object, container: Object) -> None:
    value = draw(st.sampled_from(["unconfined", "runtime/default", "localhost/p", ""]))
    key = f"container.apparmor.security.beta.kubernetes.io/{container['name']}"
    pod["metadata"].setdefault("annotations", {})[key] = value


def _seccomp_annotation(draw: Draw, pod: Object, container: Object) -> None:
    value = draw(st.sampled_from(["unconfined", "runtime/default"]))
    of_pod, of_container = (f"{prefix}seccomp.security.alpha.kubernetes.io" for prefix in ("", "container."))
    key = draw(st.sampled_from([f"{of_pod}/pod", f"{of_container}/{container['name']}"]))
    pod["metadata"].setdefault("annotations", {})[key] = value


def _capabilities(draw: Draw, pod: Object, container: Object) -> None:
    del pod
    some = st.lists(st.sampled_from(CAPABILITIES), unique=True, max_size=2)
    dropped = st.sampled_from([["ALL"], ["ALL"], ["CHOWN", "ALL"], ["all"], ["NET_RAW"], []])
    _own(container)["capabilities"] = {"add": draw(some), "drop": draw(dropped)}


def _privileged(draw: Draw, pod: Object, container: Object) -> None:
    del pod
    _own(container)["privileged"] = draw(st.sampled_from([True, True, False]))
    if _own(container)["privileged"]:
        _own(container).pop("allowPrivilegeEscalation", None)  # false beside it is invalid


def _privilege_escalation(draw: Draw, pod: Object, container: Object) -> None:
    del pod
    value = draw(st.sampled_from([True, None]))
    _own(container).pop("allowPrivilegeEscalation", None)
    if value is not None:
        _own(container)["allowPrivilegeEscalation"] = value


def _proc_mount(draw: Draw, pod: Object, container: Object) -> None:
    value = draw(st.sampled_from(["Unmasked", "Unmasked", "Default"]))
    _own(container)["procMount"] = value
    if value == "Unmasked":  # invalid where the pod has no user namespace of its own
        pod["spec"]["hostUsers"] = False


def _se_linux(draw: Draw, pod: Object, container: Object) -> None:
    types = st.sampled_from(["container_t", "container_init_t", "container_kvm_t", "container_engine_t", "spc_t", ""])
    options: Object = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "type": types,
                "level": st.just("s0:c1,c2"),
                "user": st.sampled_from(["", "system_u"]),
                "role": st.sampled_from(["", "system_r"]),
            },
        )
    )
    _context(draw, pod, container)["seLinuxOptions"] = options


def _seccomp(draw: Draw, pod: Object, container: Object) -> None:
    context = _context(draw, pod, container)
    kind = draw(st.sampled_from(["Unconfined", "Unconfined", "RuntimeDefault", "Localhost", None]))
    context.pop("seccompProfile", None)
    if kind:
        context["seccompProfile"] = {"type": kind} | ({"localhostProfile": "p.json"} if kind == "Localhost" else {})


def _sysctls(draw: Draw, pod: Object, container: Object) -> None:
    del container
    names = draw(st.lists(st.sampled_from(sorted(SYSCTLS)), unique=True, min_size=1, max_size=3))
    given = [{"name": name, "value": SYSCTLS[name]} for name in names]
    pod["spec"].setdefault("securityContext", {})["sysctls"] = given


def _user(draw: Draw, pod: Object, container: Object) -> None:
    _context(draw, pod, container)["runAsUser"] = draw(st.sampled_from([0, 0, 1000]))


def _user_namespace(draw: Draw, pod: Object, container: Object) -> None:
    del container
    pod["spec"]["hostUsers"] = draw(st.sampled_from([False, False, True]))


def _host_namespaces(draw: Draw, pod: Object, container: Object) -> None:
    del container
    field = draw(st.sampled_from(["hostNetwork", "hostPID", "hostIPC"]))
    pod["spec"][field] = draw(st.sampled_from([True, True, False]))


def _non_root(draw: Draw, pod: Object, container: Object) -> None:
    value = draw(st.sampled_from([True, False, None]))
    context = _context(draw, pod, container)
    context.pop("runAsNonRoot", None)
    if value is not None:
        context["runAsNonRoot"] = value


def _volume(draw: Draw, pod: Object, container: Object) -> None:
    del container
    source = draw(st.one_of(st.sampled_from(sorted(SOURCES)), st.just("hostPath")))
    volumes = pod["spec"].setdefault("volumes", [])
    volumes.append({"name": f"v{len(volumes)}", source: SOURCES[source]})


def _port(draw: Draw, pod: Object, container: Object) -> None:
    host = pod["spec"].get("hostNetwork")
    port = 8000 + sum(len(one.get("ports", [])) for one in containers_of(pod))
    added: Object = {"containerPort": port}
    if host or draw(st.sampled_from([True, True, False])):
        added["hostPort"] = port if host else draw(st.sampled_from([port, 0]))
    container.setdefault("ports", []).append(added)


def _probe(draw: Draw, pod: Object, container: Object) -> None:
    named = {"host": draw(st.sampled_from(["192.0.2.1", "127.0.0.1", "", None]))}
    where = {name: host for name, host in named.items() if host is not None}
    handler: Object = draw(st.sampled_from([{"httpGet": {"port": 80, **where}}, {"tcpSocket": {"port": 80, **where}}]))
    field = draw(st.sampled_from(["livenessProbe", "readinessProbe", "startupProbe", "postStart", "preStop"]))
    if container in pod["spec"].get("initContainers", []):
        container["restartPolicy"] = "Always"  # another init container has neither
    if field in ("postStart", "preStop"):
        container.setdefault("lifecycle", {})[field] = handler
    else:
        container[field] = handler


def _host_process(draw: Draw, pod: Object, container: Object) -> None:
    """Valid on the pod alone, or on all containers; only with the node's network."""
    del container
    value = draw(st.sampled_from([True, True, False]))
    holders = draw(st.sampled_from([[pod["spec"]], containers_of(pod)]))
    for holder in holders:
        holder.setdefault("securityContext", {})["windowsOptions"] = {"hostProcess": value}
    if value:
        pod["spec"]["hostNetwork"] = True


def _os(draw: Draw, pod: Object, container: Object) -> None:
    del container, draw
    pod["spec"]["os"] = {"name": "linux"}


def containers_of(pod: Object) -> list[Object]:
    """All containers of a pod that is created."""
    return [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]


ANY_OS: tuple[Change, ...] = (_non_root, _volume, _port, _probe, _host_process)
OF_CONTAINERS: tuple[Change, ...] = (
    _app_armor,
    _capabilities,
    _non_root,
    _privilege_escalation,
    _privileged,
    _se_linux,
    _seccomp,
    _user,
)
LINUX: tuple[Change, ...] = (
    *OF_CONTAINERS,
    _app_armor_annotation,
    _capabilities,
    _host_namespaces,
    _host_process,
    _os,
    _port,
    _probe,
    _proc_mount,
    _proc_mount,
    _seccomp_annotation,
    _sysctls,
    _user_namespace,
    _volume,
    _volume,
)

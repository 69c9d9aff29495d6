"""The 19 checks of the Pod Security Standards at their newest version, over plain dicts of the right types.

Source: the Standards, and k8s.io/pod-security-admission v0.37.2, policy/check_*.go. Each check says whether a pod
violates it; a pod is `{metadata, spec}`, be it a Pod or a template.
"""

from collections.abc import Callable, Iterator
from typing import Any

Pod = dict[str, Any]

BASELINE_CAPABILITIES = {
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
    "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}  # fmt: skip
SAFE_SYSCTLS = {
    "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_notsent_lowat", "net.ipv4.tcp_rmem", "net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
}  # fmt: skip
SELINUX_TYPES = {"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}
CONFINED = {"RuntimeDefault", "Localhost"}
FREE_VOLUMES = {
    "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret",
}  # fmt: skip
APPARMOR = "container.apparmor.security.beta.kubernetes.io/"


def at(value: Any, *path: str) -> Any:
    """What stands at a path; None where nothing does."""
    for key in path:
        value = value.get(key) if value is not None else None
    return value


def items(value: Any, *path: str) -> list[Any]:
    """The list that stands at a path."""
    return at(value, *path) or []


def containers(pod: Pod) -> list[Any]:
    """All that run."""
    return [
        container
        for kind in ("initContainers", "containers", "ephemeralContainers")
        for container in items(pod, "spec", kind)
    ]


def contexts(pod: Pod) -> list[Any]:
    """The security contexts of the containers."""
    return [at(container, "securityContext") for container in containers(pod)]


def all_contexts(pod: Pod) -> list[Any]:
    """Those, and the pod's own."""
    return [at(pod, "spec", "securityContext"), *contexts(pod)]


def is_windows(pod: Pod) -> bool:
    """Whether the pod says that it is for Windows."""
    return bool(at(pod, "spec", "os", "name") == "windows")


def has_users_of_its_own(pod: Pod) -> bool:
    """Whether the pod has a user namespace."""
    return at(pod, "spec", "hostUsers") is False


def _unconfined(pod: Pod, field: str) -> bool:
    profiles = [at(context, field) for context in all_contexts(pod)]
    return any(profile is not None and profile.get("type") not in CONFINED for profile in profiles)


def _app_armor(pod: Pod) -> bool:
    annotations = at(pod, "metadata", "annotations") or {}
    named = [value or "" for key, value in annotations.items() if key.startswith(APPARMOR)]
    forbidden = [name for name in named if name not in ("", "runtime/default") and not name.startswith("localhost/")]
    return bool(forbidden) or _unconfined(pod, "appArmorProfile")


def _adds(pod: Pod, allowed: set[str]) -> bool:
    return any(
        (name or "") not in allowed for context in contexts(pod) for name in items(context, "capabilities", "add")
    )


def _hosts(pod: Pod) -> Iterator[str]:
    for container in containers(pod):
        probes = [at(container, f"{kind}Probe") for kind in ("liveness", "readiness", "startup")]
        hooks = [at(container, "lifecycle", hook) for hook in ("postStart", "preStop")]
        for probe in probes + hooks:
            yield at(probe, "httpGet", "host") or ""
            yield at(probe, "tcpSocket", "host") or ""


def _unmasked(pod: Pod) -> bool:
    return any(at(context, "procMount") not in (None, "Default") for context in contexts(pod))


def _se_linux(pod: Pod) -> bool:
    options = [at(context, "seLinuxOptions") or {} for context in all_contexts(pod)]
    return any(
        (one.get("type") or "") not in SELINUX_TYPES or bool(one.get("user")) or bool(one.get("role"))
        for one in options
    )


def _restricted_volumes(pod: Pod) -> bool:
    for volume in items(pod, "spec", "volumes"):
        sources = {key for key, value in (volume or {}).items() if key != "name" and value is not None}
        if sources and not sources & FREE_VOLUMES:
            return True
    return False


def _run_as_non_root(pod: Pod) -> bool:
    if has_users_of_its_own(pod):
        return False
    said = at(pod, "spec", "securityContext", "runAsNonRoot")
    own = [at(context, "runAsNonRoot") for context in contexts(pod)]
    return said is False or False in own or (None in own and said is not True)


def _seccomp_restricted(pod: Pod) -> bool:
    if is_windows(pod):
        return False
    inherited = at(pod, "spec", "securityContext", "seccompProfile") is not None
    unset = any(at(context, "seccompProfile") is None for context in contexts(pod))
    return _unconfined(pod, "seccompProfile") or (unset and not inherited)


BASELINE: dict[str, Callable[[Pod], bool]] = {
    "app-armor-profile": _app_armor,
    "capabilities-baseline": lambda pod: _adds(pod, BASELINE_CAPABILITIES),
    "host-namespaces": lambda pod: any(at(pod, "spec", f"host{kind}") for kind in ("IPC", "Network", "PID")),
    "host-path-volumes": lambda pod: any(at(one, "hostPath") is not None for one in items(pod, "spec", "volumes")),
    "host-ports": lambda pod: any(at(port, "hostPort") for one in containers(pod) for port in items(one, "ports")),
    "host-probes-and-host-lifecycle": lambda pod: any(_hosts(pod)),
    "privileged": lambda pod: any(at(context, "privileged") for context in contexts(pod)),
    "proc-mount": lambda pod: not has_users_of_its_own(pod) and _unmasked(pod),
    "se-linux-options": _se_linux,
    "seccomp-profile-baseline": lambda pod: _unconfined(pod, "seccompProfile"),
    "sysctls": lambda pod: any(
        (at(sysctl, "name") or "") not in SAFE_SYSCTLS for sysctl in items(pod, "spec", "securityContext", "sysctls")
    ),
    "windows-host-process": lambda pod: any(
        at(context, "windowsOptions", "hostProcess") for context in all_contexts(pod)
    ),
}
RESTRICTED: dict[str, Callable[[Pod], bool]] = {
    "allow-privilege-escalation": lambda pod: (
        not is_windows(pod) and any(at(context, "allowPrivilegeEscalation") is not False for context in contexts(pod))
    ),
    "capabilities-restricted": lambda pod: (
        not is_windows(pod)
        and (
            any("ALL" not in items(context, "capabilities", "drop") for context in contexts(pod))
            or _adds(pod, {"NET_BIND_SERVICE"})
        )
    ),
    "proc-mount-restricted": _unmasked,
    "restricted-volumes": _restricted_volumes,
    "run-as-non-root": _run_as_non_root,
    "run-as-user": lambda pod: (
        not has_users_of_its_own(pod) and any(at(context, "runAsUser") == 0 for context in all_contexts(pod))
    ),
    "seccomp-profile-restricted": _seccomp_restricted,
}
OVERRIDDEN = {"capabilities-baseline", "host-path-volumes", "proc-mount", "seccomp-profile-baseline"}
"""The baseline checks that the restricted level says in a stricter way."""


def violated(pod: Pod) -> frozenset[str]:
    """The ids of the checks that a pod violates."""
    return frozenset(id_ for id_, check in (BASELINE | RESTRICTED).items() if check(pod))

"""Pods set only kernel parameters that are their own.

Fields:  spec.securityContext.sysctls[*].name
Allowed: kernel.shm_rmid_forced, net.ipv4.ip_local_port_range, net.ipv4.tcp_syncookies, net.ipv4.ping_group_range,
         net.ipv4.ip_unprivileged_port_start; since 1.27 net.ipv4.ip_local_reserved_ports; since 1.29
         net.ipv4.tcp_keepalive_{time,intvl,probes} and net.ipv4.tcp_fin_timeout; since 1.32 net.ipv4.tcp_{rmem,wmem};
         since 1.37 net.ipv4.{tcp_slow_start_after_idle,tcp_notsent_lowat}; or a name in `allowed`
Why:     the others reach past the pod: they change the node, or use up what its pods share.
Source:  KEP-2579; Pod Security Standards, baseline, "Sysctls"; since 1.0, changed in 1.27, 1.29, 1.32 and 1.37
"""

from gatewright.policy import (
    REMOVE,
    Globs,
    KubernetesVersion,
    Level,
    Params,
    Pod,
    Severity,
    V,
    Violation,
    Violations,
    policy,
    quote,
)

from ._shared import NEVER

SAFE = {
    "kernel.shm_rmid_forced": V(1, 0),
    "net.ipv4.ip_local_port_range": V(1, 0),
    "net.ipv4.tcp_syncookies": V(1, 0),
    "net.ipv4.ping_group_range": V(1, 0),
    "net.ipv4.ip_unprivileged_port_start": V(1, 0),
    "net.ipv4.ip_local_reserved_ports": V(1, 27),
    "net.ipv4.tcp_keepalive_time": V(1, 29),
    "net.ipv4.tcp_keepalive_intvl": V(1, 29),
    "net.ipv4.tcp_keepalive_probes": V(1, 29),
    "net.ipv4.tcp_fin_timeout": V(1, 29),
    "net.ipv4.tcp_rmem": V(1, 32),
    "net.ipv4.tcp_wmem": V(1, 32),
    "net.ipv4.tcp_slow_start_after_idle": V(1, 37),
    "net.ipv4.tcp_notsent_lowat": V(1, 37),
}
"""The parameters that the kernel keeps apart for every pod, and the version since which each is allowed."""


class Sysctls(Params):
    """`allowed`: parameters beside the safe ones, e.g. `[net.core.somaxconn]`."""

    allowed: Globs = Globs()


@policy(severity=Severity.MEDIUM, level=Level.BASELINE, reason="forbidden sysctls")
def sysctls(pod: Pod, params: Sysctls, version: KubernetesVersion) -> Violations:
    for sysctl in pod.spec.security_context.sysctls:
        if version < SAFE.get(sysctl.name, NEVER) and not params.allowed.match(sysctl.name):
            yield Violation(sysctl, "", f"sysctl {quote(sysctl.name)} is not allowed", fix=REMOVE)

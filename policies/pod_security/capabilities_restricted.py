"""Containers drop all capabilities and add at most NET_BIND_SERVICE.

Fields:  containers[*].securityContext.capabilities.{drop,add}, in every container list
Allowed: drop must have ALL; add unset, NET_BIND_SERVICE, or a name in `allowed`; since 1.25 anything in a Windows pod
Why:     what a process cannot do as root, it cannot be made to do.
Source:  KEP-2579; Pod Security Standards, restricted, "Capabilities"; since 1.22, changed in 1.25 (KEP-2802)
"""

from gatewright.policy import (
    Append,
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
)

from ._shared import added_capabilities

ALLOWED = frozenset({"NET_BIND_SERVICE"})


class CapabilitiesRestricted(Params):
    """`allowed`: capabilities that may be added beside NET_BIND_SERVICE, e.g. `[CHOWN]`."""

    allowed: Globs = Globs()


@policy(
    severity=Severity.MEDIUM,
    level=Level.RESTRICTED,
    reason="unrestricted capabilities",
    alias="capabilities_restricted",
    since=V(1, 22),
    overrides={"capabilities-baseline", "drop-all-capabilities"},
)
def capabilities_restricted(pod: Pod, params: CapabilitiesRestricted, version: KubernetesVersion) -> Violations:
    if pod.is_windows and version >= V(1, 25):
        return
    for container in pod.containers:
        if "ALL" not in container.security_context.capabilities.drop:
            message = f"{container.label} must drop capability ALL"
            yield Violation(container, "securityContext.capabilities.drop", message, fix=Append("ALL"))
    yield from added_capabilities(pod, ALLOWED, params.allowed)

"""A seccomp profile is set, and confines.

Fields:  spec.securityContext.seccompProfile.type and containers[*].securityContext.seccompProfile.type, in every
         container list
Allowed: RuntimeDefault, Localhost, or a type in `allowed`; unset in a container where the pod has one; since 1.25
         anything in a Windows pod
Why:     a container without such a profile can make every system call, and so reach every flaw of the node's kernel.
Source:  KEP-2579; Pod Security Standards, restricted, "Seccomp"; since 1.19, changed in 1.25 (KEP-2802)
"""

from gatewright.policy import (
    Globs,
    KubernetesVersion,
    Level,
    Params,
    Pod,
    Set,
    Severity,
    V,
    Violation,
    Violations,
    policy,
)

from ._shared import unconfined_seccomp


class SeccompProfileRestricted(Params):
    """`allowed`: types of profiles beside RuntimeDefault and Localhost: `[Unconfined]`."""

    allowed: Globs = Globs()


@policy(
    severity=Severity.MEDIUM,
    level=Level.RESTRICTED,
    reason="seccompProfile",
    alias="seccompProfile_restricted",
    since=V(1, 19),
    overrides="seccomp-profile-baseline",
)
def seccomp_profile_restricted(pod: Pod, params: SeccompProfileRestricted, version: KubernetesVersion) -> Violations:
    if pod.is_windows and version >= V(1, 25):
        return
    yield from unconfined_seccomp(pod, params.allowed)
    if pod.spec.security_context.seccomp_profile is not None:
        return  # what a container inherits was judged with the pod
    for container in pod.containers:
        if container.security_context.seccomp_profile is None:
            message = f"{container.label} must set securityContext.seccompProfile.type to RuntimeDefault or Localhost"
            yield Violation(container, "securityContext.seccompProfile.type", message, fix=Set("RuntimeDefault"))

"""A seccomp profile, where one is set, confines.

Fields:  since 1.19 spec.securityContext.seccompProfile.type and containers[*].securityContext.seccompProfile.type, in
         every container list; before, the annotations seccomp.security.alpha.kubernetes.io/pod and
         container.seccomp.security.alpha.kubernetes.io/NAME of every container
Allowed: unset, RuntimeDefault, Localhost, or a type in `allowed`; in an annotation runtime/default, docker/default,
         localhost/…, or unconfined where `allowed` has Unconfined
Why:     an unconfined container can make every system call, and so reach every flaw of the node's kernel.
Source:  KEP-2579; Pod Security Standards, baseline, "Seccomp"; since 1.0, changed in 1.19
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
    quote,
)

from ._shared import annotated, unconfined_seccomp

POD = "seccomp.security.alpha.kubernetes.io/pod"
CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"


class SeccompProfileBaseline(Params):
    """`allowed`: types of profiles beside RuntimeDefault and Localhost: `[Unconfined]`."""

    allowed: Globs = Globs()


@policy(severity=Severity.MEDIUM, level=Level.BASELINE, reason="seccompProfile", alias="seccompProfile_baseline")
def seccomp_profile_baseline(pod: Pod, params: SeccompProfileBaseline, version: KubernetesVersion) -> Violations:
    if version >= V(1, 19):
        yield from unconfined_seccomp(pod, params.allowed)
        return
    annotations = {POD, *(CONTAINER + container.name for container in pod.containers)}
    for key, value in pod.metadata.annotations.items():
        if key in annotations and value != "docker/default" and not annotated(value, params.allowed):
            message = f"annotation {quote(key)} must be runtime/default, docker/default or a localhost/ profile"
            yield Violation(pod.metadata, ("annotations", key), message, fix=Set("runtime/default"))

"""Containers see /proc as the runtime masks it, unless the pod has a user namespace of its own.

Fields:  containers[*].securityContext.procMount, in every container list
Allowed: unset or Default; since 1.35 anything where spec.hostUsers is false
Why:     an unmasked /proc shows and changes settings of the node's kernel.
Source:  KEP-2579; Pod Security Standards, baseline, "/proc Mount Type"; since 1.0, changed in 1.35 (KEP-4265)
"""

from gatewright.policy import KubernetesVersion, Level, Pod, Severity, V, Violations, policy

from ._shared import unmasked_proc


@policy(severity=Severity.HIGH, level=Level.BASELINE, reason="procMount", alias="procMount")
def proc_mount(pod: Pod, version: KubernetesVersion) -> Violations:
    if pod.spec.host_users is False and version >= V(1, 35):
        return
    yield from unmasked_proc(pod)

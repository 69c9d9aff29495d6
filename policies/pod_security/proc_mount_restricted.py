"""Containers see /proc as the runtime masks it, whatever their user namespace.

Fields:  containers[*].securityContext.procMount, in every container list
Allowed: unset or Default
Why:     an unmasked /proc shows and changes settings of the node's kernel.
Source:  KEP-2579; Pod Security Standards, restricted, "/proc Mount Type"; since 1.35, when proc-mount began to spare
         pods with a user namespace of their own
"""

from gatewright.policy import Level, Pod, Severity, V, Violations, policy

from ._shared import unmasked_proc


@policy(
    severity=Severity.HIGH,
    level=Level.RESTRICTED,
    reason="procMount",
    alias="procMount_restricted",
    since=V(1, 35),
    overrides="proc-mount",
)
def proc_mount_restricted(pod: Pod) -> Violations:
    yield from unmasked_proc(pod)

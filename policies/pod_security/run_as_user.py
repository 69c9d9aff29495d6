"""Pods and containers do not ask for the user root.

Fields:  spec.securityContext.runAsUser and containers[*].securityContext.runAsUser, in every container list
Allowed: unset or any but 0; since 1.35 anything where spec.hostUsers is false
Why:     root in a container is one flaw of the kernel or the runtime away from root on the node.
Source:  KEP-2579; Pod Security Standards, restricted, "Running as Non-root user"; since 1.23, changed in 1.35 (KEP-127)
"""

from gatewright.policy import REMOVE, KubernetesVersion, Level, Pod, Severity, V, Violation, Violations, policy

from ._shared import holders, label


@policy(severity=Severity.MEDIUM, level=Level.RESTRICTED, reason="runAsUser=0", alias="runAsUser", since=V(1, 23))
def run_as_user(pod: Pod, version: KubernetesVersion) -> Violations:
    if pod.spec.host_users is False and version >= V(1, 35):
        return
    for holder in holders(pod):
        if holder.security_context.run_as_user == 0:
            message = f"{label(holder)} must not set securityContext.runAsUser to 0"
            yield Violation(holder, "securityContext.runAsUser", message, fix=REMOVE)

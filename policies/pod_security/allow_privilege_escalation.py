"""Containers rule out that a process gains more privileges than its parent has.

Fields:  containers[*].securityContext.allowPrivilegeEscalation, in every container list
Allowed: false, and it must be set; since 1.25 anything in a Windows pod
Why:     without it a set-user-ID program, such as sudo, makes a process root again.
Source:  KEP-2579; Pod Security Standards, restricted, "Privilege Escalation"; since 1.8, changed in 1.25 (KEP-2802)
"""

from gatewright.policy import KubernetesVersion, Level, Pod, Set, Severity, V, Violation, Violations, policy


@policy(
    severity=Severity.MEDIUM,
    level=Level.RESTRICTED,
    reason="allowPrivilegeEscalation != false",
    alias="allowPrivilegeEscalation",
    since=V(1, 8),
)
def allow_privilege_escalation(pod: Pod, version: KubernetesVersion) -> Violations:
    if pod.is_windows and version >= V(1, 25):
        return
    for container in pod.containers:
        if container.security_context.allow_privilege_escalation is not False:
            message = f"{container.label} must set securityContext.allowPrivilegeEscalation to false"
            yield Violation(container, "securityContext.allowPrivilegeEscalation", message, fix=Set(False))

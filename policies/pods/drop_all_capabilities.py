"""Containers drop all capabilities.

Fields:  containers[*].securityContext.capabilities.drop, in every container list
Allowed: a list with ALL in it, exactly so; anything in a Windows pod, which has no capabilities
Why:     what a process cannot do as root, it cannot be made to do. For those who want this much of the restricted
         level and no more: `capabilities-restricted` asks for the same, and looks at what is added too.
Source:  Pod Security Standards, restricted, "Capabilities"
Maps:    CIS 5.2.10
"""

from gatewright.policy import Append, Pod, Severity, Violation, Violations, policy


@policy(severity=Severity.MEDIUM)
def drop_all_capabilities(pod: Pod) -> Violations:
    if pod.is_windows:
        return
    for container in pod.containers:
        if "ALL" not in container.security_context.capabilities.drop:
            message = f"{container.label} must drop capability ALL"
            yield Violation(container, "securityContext.capabilities.drop", message, fix=Append("ALL"))

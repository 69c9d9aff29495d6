"""Containers do not run privileged.

Fields:  containers[*].securityContext.privileged, in every container list
Allowed: unset or false
Why:     a privileged container has every capability and every device of its node: it is root there.
Source:  KEP-2579; Pod Security Standards, baseline, "Privileged Containers"; since 1.0
"""

from gatewright.policy import Level, Pod, Set, Severity, Violation, Violations, policy


@policy(severity=Severity.HIGH, level=Level.BASELINE, reason="privileged")
def privileged(pod: Pod) -> Violations:
    for container in pod.containers:
        if container.security_context.privileged:
            message = f"{container.label} runs privileged"
            yield Violation(container, "securityContext.privileged", message, fix=Set(False))

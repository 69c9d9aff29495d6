"""Containers cannot write to the files of their image.

Fields:  containers[*].securityContext.readOnlyRootFilesystem, in every container list
Allowed: true; anything in a Windows pod, which cannot set it
Why:     an intruder installs tools and changes programs where a container can write; what it must write belongs in a
         volume, e.g. an emptyDir at /tmp.
Source:  Kubernetes documentation, "Configure a Security Context for a Pod or Container"
Maps:    NSA/CISA "Kubernetes Pod security"; OWASP K01
"""

from gatewright.policy import Pod, Set, Severity, Violation, Violations, policy

FIELD = "securityContext.readOnlyRootFilesystem"


@policy(severity=Severity.LOW)
def read_only_root_filesystem(pod: Pod) -> Violations:
    if pod.is_windows:
        return
    for container in pod.containers:
        if not container.security_context.read_only_root_filesystem:
            yield Violation(container, FIELD, f"{container.label} must set {FIELD} to true", fix=Set(True))

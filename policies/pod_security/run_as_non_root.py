"""Containers are kept from running as root.

Fields:  spec.securityContext.runAsNonRoot and containers[*].securityContext.runAsNonRoot, in every container list
Allowed: true; unset in a container where the pod says true; since 1.35 anything where spec.hostUsers is false.
         Windows pods too must say so
Why:     root in a container is one flaw of the kernel or the runtime away from root on the node.
Source:  KEP-2579; Pod Security Standards, restricted, "Running as Non-root"; since 1.0, changed in 1.35 (KEP-127)
"""

from gatewright.policy import KubernetesVersion, Level, Pod, Set, Severity, V, Violation, Violations, policy

FIELD = "securityContext.runAsNonRoot"


@policy(severity=Severity.MEDIUM, level=Level.RESTRICTED, reason="runAsNonRoot != true", alias="runAsNonRoot")
def run_as_non_root(pod: Pod, version: KubernetesVersion) -> Violations:
    if pod.spec.host_users is False and version >= V(1, 35):
        return
    inherited = pod.spec.security_context.run_as_non_root
    if inherited is False:
        yield Violation(pod.spec, FIELD, f"the pod must set {FIELD} to true", fix=Set(True))
    for container in pod.containers:
        own = container.security_context.run_as_non_root
        if own is False or (own is None and inherited is None):
            yield Violation(container, FIELD, f"{container.label} must set {FIELD} to true", fix=Set(True))

"""Pods do not share the network, process or IPC namespace of their node.

Fields:  spec.hostNetwork, spec.hostPID, spec.hostIPC
Allowed: unset or false
Why:     such a pod reads the traffic, the processes and the shared memory of everything on its node, and escapes
         NetworkPolicy.
Source:  KEP-2579; Pod Security Standards, baseline, "Host Namespaces"; since 1.0
"""

from gatewright.policy import Level, Pod, Set, Severity, Violation, Violations, policy


@policy(severity=Severity.HIGH, level=Level.BASELINE, reason="host namespaces", alias="hostNamespaces")
def host_namespaces(pod: Pod) -> Violations:
    spec = pod.spec
    shared = {"hostNetwork": spec.host_network, "hostPID": spec.host_pid, "hostIPC": spec.host_ipc}
    for field, is_shared in shared.items():
        if is_shared:
            yield Violation(spec, field, f"the pod must not set {field} to true", fix=Set(False))

"""Pods have a user namespace of their own.

Fields:  spec.hostUsers
Allowed: false; anything in a Windows pod, which cannot set it
Why:     root in such a container is nobody on the node, should it break out. It needs a kernel, a runtime and file
         systems that map ids, and does not go with hostNetwork, hostPID, hostIPC or raw block volumes.
Source:  KEP-127; on by default since 1.33, GA in 1.36
"""

from gatewright.policy import Pod, Severity, V, Violation, Violations, policy


@policy(severity=Severity.LOW, since=V(1, 33))
def user_namespace(pod: Pod) -> Violations:
    if pod.spec.host_users is not False and not pod.is_windows:  # a fix could be what the API server refuses
        yield Violation(pod.spec, "hostUsers", "the pod must set hostUsers to false")

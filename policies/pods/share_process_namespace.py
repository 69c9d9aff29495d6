"""The containers of a pod do not see each other's processes.

Fields:  spec.shareProcessNamespace
Allowed: unset or false
Why:     through /proc one container reads the environment and the files of another, and with the same user signals it
         and attaches to it.
Source:  Kubernetes documentation, "Share Process Namespace between Containers in a Pod"
"""

from gatewright.policy import Pod, Set, Severity, Violation, Violations, policy


@policy(severity=Severity.LOW)
def share_process_namespace(pod: Pod) -> Violations:
    if pod.spec.share_process_namespace:
        message = "the pod must not set shareProcessNamespace to true"
        yield Violation(pod.spec, "shareProcessNamespace", message, fix=Set(False))

"""Containers do not use ports of their node.

Fields:  containers[*].ports[*].hostPort, in every container list
Allowed: unset, 0, or a port in `allowed`
Why:     a host port escapes NetworkPolicy and ties the pod to its node. A Pod with hostNetwork has them all: the API
         server sets hostPort to containerPort.
Source:  KEP-2579; Pod Security Standards, baseline, "Host Ports"; since 1.0
"""

from gatewright.policy import REMOVE, Level, Params, Pod, PortRanges, Severity, Violation, Violations, policy


class HostPorts(Params):
    """`allowed`: the host ports that may be used, e.g. `[9100, "5000-6000"]`."""

    allowed: PortRanges = PortRanges()


@policy(severity=Severity.HIGH, level=Level.BASELINE, reason="hostPort", alias="hostPorts")
def host_ports(pod: Pod, params: HostPorts) -> Violations:
    for container in pod.containers:
        for port in container.ports:
            if port.host_port and port.host_port not in params.allowed:
                yield Violation(port, "hostPort", f"{container.label} uses host port {port.host_port}", fix=REMOVE)

"""Probes and lifecycle hooks reach out to no host but their own pod.

Fields:  containers[*].{livenessProbe,readinessProbe,startupProbe}.{httpGet,tcpSocket}.host and
         containers[*].lifecycle.{postStart,preStop}.{httpGet,tcpSocket}.host, in every container list
Allowed: unset or empty (127.0.0.1 too is the node's, not the pod's)
Why:     the kubelet connects, from the node's network: a host of one's choice turns it into a scanner of whatever the
         node can reach.
Source:  KEP-2579; Pod Security Standards, baseline, "Host Probes / Lifecycle Hooks"; since 1.34
"""

from gatewright.policy import REMOVE, Container, Level, Pod, Severity, V, Violation, Violations, policy


@policy(
    severity=Severity.MEDIUM,
    level=Level.BASELINE,
    reason="probe or lifecycle host",
    alias="hostProbesAndHostLifecycle",
    since=V(1, 34),
)
def host_probes_and_host_lifecycle(pod: Pod) -> Violations:
    for container in pod.containers:
        for path, probe in (
            ("livenessProbe", container.liveness_probe),
            ("readinessProbe", container.readiness_probe),
            ("startupProbe", container.startup_probe),
            ("lifecycle.postStart", container.lifecycle.post_start),
            ("lifecycle.preStop", container.lifecycle.pre_stop),
        ):
            if probe.http_get.host:
                yield _reaching(container, f"{path}.httpGet.host")
            if probe.tcp_socket.host:
                yield _reaching(container, f"{path}.tcpSocket.host")


def _reaching(container: Container, field: str) -> Violation:
    return Violation(container, field, f"{container.label} must not set {field}", fix=REMOVE)

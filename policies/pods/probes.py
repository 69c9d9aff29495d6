"""Programs that run for long say whether they are ready, and whether they are alive.

Fields:  containers[*] and initContainers[*]: readinessProbe, livenessProbe, restartPolicy, ports; spec.restartPolicy
Allowed: both probes set. The same request for both, by a port's number or by its name, only where one is given up later
         than the other: by a higher failureThreshold, or by longer periods. Anything in a pod that does not restart its
         containers always, as a Job's cannot, in a container whose own restartPolicy is not Always, and in init
         containers that are no sidecars
Why:     without readiness a pod is sent requests before it can answer them; without liveness a program that hangs stays
         so. And where both fail at once, what only had too much to do is killed, and the rest have more to do.
Source:  Kubernetes documentation, "Liveness, Readiness, and Startup Probes"
"""

from collections.abc import Iterator, Mapping

from gatewright.policy import Container, Pod, Probe, Severity, Violation, Violations, policy

Ports = Mapping[str | int, int]
"""The numbers of a container's ports, by their names."""

ALWAYS = "Always"


@policy(severity=Severity.LOW)
def probes(pod: Pod) -> Violations:
    for container in _long_running(pod):
        ports: Ports = {port.name: port.container_port for port in container.ports if port.name}
        readiness, liveness = _asked(container.readiness_probe, ports), _asked(container.liveness_probe, ports)
        if readiness is None:
            yield Violation(container, "readinessProbe", f"{container.label} has no readiness probe")
        if liveness is None:
            yield Violation(container, "livenessProbe", f"{container.label} has no liveness probe")
        elif liveness == readiness:
            message = f"{container.label} has one probe for both: give the livenessProbe a higher failureThreshold"
            yield Violation(container, "livenessProbe", message)


def _long_running(pod: Pod) -> Iterator[Container]:
    if pod.spec.restart_policy in {"", ALWAYS}:
        yield from (each for each in pod.spec.init_containers if each.restart_policy == ALWAYS)
        yield from (each for each in pod.spec.containers if each.restart_policy in {"", ALWAYS})


def _asked(probe: Probe, ports: Ports) -> tuple[object, ...] | None:
    """What a probe asks, and for how long it may fail; None where it asks nothing. As the API server defaults it."""
    request = _request(probe, ports)
    return None if request == _NOTHING else (request, probe.failure_threshold or 3, probe.period_seconds or 10)


def _request(probe: Probe, ports: Ports) -> tuple[object, ...]:
    http, tcp, grpc = probe.http_get, probe.tcp_socket, probe.grpc
    of_http = http.host, http.http_headers, http.path or "/", ports.get(http.port, http.port), http.scheme or "HTTP"
    return probe.exec.command, of_http, tcp.host, ports.get(tcp.port, tcp.port), grpc.port, grpc.service


_NOTHING = _request(Probe(), {})

"""The authoring API: everything that a policy may import, and nothing else.

    @policy(severity=Severity.HIGH)
    def host_ports(pod: Pod, params: HostPorts) -> Violations:
        for container in pod.containers: ...

A policy is one pure function whose signature says what it needs: it reads its arguments and yields violations. It
knows nothing of modes, matches, exemptions or callers, does no I/O, reads no clock and keeps no state.
"""

from gatewright.model.cluster import Connect, Namespace, Resource
from gatewright.model.meta import Metadata
from gatewright.model.path import find
from gatewright.model.pod import Container, ContainerPort, Pod, PodSpec, Probe
from gatewright.model.review import CONNECT, CREATE, DELETE, UPDATE
from gatewright.model.security import (
    AppArmorProfile,
    Capabilities,
    PodSecurityContext,
    SeccompProfile,
    SecurityContext,
    SELinuxOptions,
    Sysctl,
)
from gatewright.model.text import quote
from gatewright.model.version import KubernetesVersion, V, parse_version
from gatewright.model.volume import Volume
from gatewright.policy.declaration import Level, Policy, PolicyError, User, policy
from gatewright.policy.params import Globs, Params, PortRanges
from gatewright.policy.severity import Severity
from gatewright.policy.store import Index, Store
from gatewright.policy.violation import REMOVE, Append, Set, Violation, Violations

__all__ = [
    "CONNECT",
    "CREATE",
    "DELETE",
    "REMOVE",
    "UPDATE",
    "AppArmorProfile",
    "Append",
    "Capabilities",
    "Connect",
    "Container",
    "ContainerPort",
    "Globs",
    "Index",
    "KubernetesVersion",
    "Level",
    "Metadata",
    "Namespace",
    "Params",
    "Pod",
    "PodSecurityContext",
    "PodSpec",
    "Policy",
    "PolicyError",
    "PortRanges",
    "Probe",
    "Resource",
    "SELinuxOptions",
    "SeccompProfile",
    "SecurityContext",
    "Set",
    "Severity",
    "Store",
    "Sysctl",
    "User",
    "V",
    "Violation",
    "Violations",
    "Volume",
    "find",
    "parse_version",
    "policy",
    "quote",
]

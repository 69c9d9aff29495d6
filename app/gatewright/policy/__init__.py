"""The authoring API: everything that a policy may import, and nothing else.

    @policy(severity=Severity.HIGH)
    def host_ports(pod: Pod, params: HostPorts) -> Violations:
        for container in pod.containers: ...

A policy is one pure function whose signature says what it needs: it reads its arguments and yields violations. It
knows nothing of modes, matches, exemptions or callers, does no I/O, reads no clock and keeps no state.
"""

from gatewright.model.address import addresses_of, is_everywhere
from gatewright.model.certificate import not_after
from gatewright.model.cluster import Connect, Namespace, Resource
from gatewright.model.container import (
    Container,
    ContainerPort,
    EnvFromSource,
    EnvVar,
    LifecycleHandler,
    Probe,
    Quantities,
    Resources,
    VolumeMount,
)
from gatewright.model.image import ImageReference, parse_image, quote_image
from gatewright.model.meta import Metadata
from gatewright.model.network import (
    Endpoints,
    EndpointSlice,
    GRPCRoute,
    HTTPRoute,
    Ingress,
    NetworkPolicy,
    Service,
    TLSRoute,
)
from gatewright.model.nodes import (
    Cluster,
    MutatingWebhookConfiguration,
    Node,
    ValidatingWebhookConfiguration,
    Webhook,
)
from gatewright.model.path import find
from gatewright.model.pod import HostAlias, Pod, PodSpec, Toleration
from gatewright.model.quantity import Quantity, parse_quantity
from gatewright.model.quota import LimitRange, PriorityClass, ResourceQuota
from gatewright.model.rbac import ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, ServiceAccount
from gatewright.model.rbac_subjects import (
    Grant,
    account,
    is_broad,
    service_account,
)
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
from gatewright.model.settings import ConfigMap, Secret
from gatewright.model.storage import PersistentVolume
from gatewright.model.text import quote
from gatewright.model.used_image import UsedImage
from gatewright.model.version import KubernetesVersion, V, parse_version
from gatewright.model.volume import Volume, VolumeProjection
from gatewright.policy.access import Access, Exposure, Reach, Strongest
from gatewright.policy.declaration import Level, Policy, PolicyError, User, policy
from gatewright.policy.grants import Given, Grants, Holder, Weigh
from gatewright.policy.images import ImagePatterns
from gatewright.policy.need import DELETE as DELETE_VERBS
from gatewright.policy.need import READ, WRITE, Hit, Need
from gatewright.policy.params import Day, Globs, Params, PortRanges, Ranges
from gatewright.policy.patterns import Pattern, compiled, fits
from gatewright.policy.risk import Found, Risk, is_all, is_untold, made_up
from gatewright.policy.severity import Severity
from gatewright.policy.store import Index, Store
from gatewright.policy.violation import REMOVE, Append, Set, Violation, Violations

__all__ = [
    "CONNECT",
    "CREATE",
    "DELETE",
    "DELETE_VERBS",
    "READ",
    "REMOVE",
    "UPDATE",
    "WRITE",
    "Access",
    "AppArmorProfile",
    "Append",
    "Capabilities",
    "Cluster",
    "ClusterRole",
    "ClusterRoleBinding",
    "ConfigMap",
    "Connect",
    "Container",
    "ContainerPort",
    "Day",
    "EndpointSlice",
    "Endpoints",
    "EnvFromSource",
    "EnvVar",
    "Exposure",
    "Found",
    "GRPCRoute",
    "Given",
    "Globs",
    "Grant",
    "Grants",
    "HTTPRoute",
    "Hit",
    "Holder",
    "HostAlias",
    "ImagePatterns",
    "ImageReference",
    "Index",
    "Ingress",
    "KubernetesVersion",
    "Level",
    "LifecycleHandler",
    "LimitRange",
    "Metadata",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Need",
    "NetworkPolicy",
    "Node",
    "Params",
    "Pattern",
    "PersistentVolume",
    "Pod",
    "PodSecurityContext",
    "PodSpec",
    "Policy",
    "PolicyError",
    "PolicyRule",
    "PortRanges",
    "PriorityClass",
    "Probe",
    "Quantities",
    "Quantity",
    "Ranges",
    "Reach",
    "Resource",
    "ResourceQuota",
    "Resources",
    "Risk",
    "Role",
    "RoleBinding",
    "SELinuxOptions",
    "SeccompProfile",
    "Secret",
    "SecurityContext",
    "Service",
    "ServiceAccount",
    "Set",
    "Severity",
    "Store",
    "Strongest",
    "Sysctl",
    "TLSRoute",
    "Toleration",
    "UsedImage",
    "User",
    "V",
    "ValidatingWebhookConfiguration",
    "Violation",
    "Violations",
    "Volume",
    "VolumeMount",
    "VolumeProjection",
    "Webhook",
    "Weigh",
    "account",
    "addresses_of",
    "compiled",
    "find",
    "fits",
    "is_all",
    "is_broad",
    "is_everywhere",
    "is_untold",
    "made_up",
    "not_after",
    "parse_image",
    "parse_quantity",
    "parse_version",
    "policy",
    "quote",
    "quote_image",
    "service_account",
]

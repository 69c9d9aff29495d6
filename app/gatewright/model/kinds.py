"""The kinds of Kubernetes: how each is called in a path of the API, and which of them have a model."""

from typing import NamedTuple

from gatewright.model.cluster import Namespace, Object
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
from gatewright.model.nodes import Cluster, MutatingWebhookConfiguration, Node, ValidatingWebhookConfiguration
from gatewright.model.pod import Pod
from gatewright.model.quota import LimitRange, PriorityClass, ResourceQuota
from gatewright.model.rbac import ClusterRole, ClusterRoleBinding, Role, RoleBinding, ServiceAccount
from gatewright.model.settings import ConfigMap, Secret
from gatewright.model.storage import PersistentVolume


class BuiltIn(NamedTuple):
    """A kind as an API server has it.

    Attributes:
        resource: the plural that stands in a path, and in a webhook's rule.
        is_namespaced: whether its objects are in a namespace.
        version: that objects of it are read at.
    """

    resource: str
    is_namespaced: bool = True
    version: str = "v1"


_AUTHORIZATION, _NETWORK = "rbac.authorization.k8s.io", "networking.k8s.io"
_ADMISSION, _GATEWAY = "admissionregistration.k8s.io", "gateway.networking.k8s.io"
_CLUSTER = False

KINDS: dict[str, BuiltIn] = {
    "ConfigMap": BuiltIn("configmaps"),
    "Endpoints": BuiltIn("endpoints"),
    "LimitRange": BuiltIn("limitranges"),
    "Namespace": BuiltIn("namespaces", _CLUSTER),
    "Node": BuiltIn("nodes", _CLUSTER),
    "PersistentVolume": BuiltIn("persistentvolumes", _CLUSTER),
    "PersistentVolumeClaim": BuiltIn("persistentvolumeclaims"),
    "Pod": BuiltIn("pods"),
    "PodTemplate": BuiltIn("podtemplates"),
    "ReplicationController": BuiltIn("replicationcontrollers"),
    "ResourceQuota": BuiltIn("resourcequotas"),
    "Secret": BuiltIn("secrets"),
    "Service": BuiltIn("services"),
    "ServiceAccount": BuiltIn("serviceaccounts"),
    f"MutatingWebhookConfiguration.{_ADMISSION}": BuiltIn("mutatingwebhookconfigurations", _CLUSTER),
    f"ValidatingWebhookConfiguration.{_ADMISSION}": BuiltIn("validatingwebhookconfigurations", _CLUSTER),
    "CustomResourceDefinition.apiextensions.k8s.io": BuiltIn("customresourcedefinitions", _CLUSTER),
    "APIService.apiregistration.k8s.io": BuiltIn("apiservices", _CLUSTER),
    "DaemonSet.apps": BuiltIn("daemonsets"),
    "Deployment.apps": BuiltIn("deployments"),
    "ReplicaSet.apps": BuiltIn("replicasets"),
    "StatefulSet.apps": BuiltIn("statefulsets"),
    "HorizontalPodAutoscaler.autoscaling": BuiltIn("horizontalpodautoscalers"),
    "CronJob.batch": BuiltIn("cronjobs"),
    "Job.batch": BuiltIn("jobs"),
    "CertificateSigningRequest.certificates.k8s.io": BuiltIn("certificatesigningrequests", _CLUSTER),
    "EndpointSlice.discovery.k8s.io": BuiltIn("endpointslices"),
    f"GRPCRoute.{_GATEWAY}": BuiltIn("grpcroutes"),
    f"HTTPRoute.{_GATEWAY}": BuiltIn("httproutes"),
    f"TLSRoute.{_GATEWAY}": BuiltIn("tlsroutes"),
    f"Ingress.{_NETWORK}": BuiltIn("ingresses"),
    f"IngressClass.{_NETWORK}": BuiltIn("ingressclasses", _CLUSTER),
    f"NetworkPolicy.{_NETWORK}": BuiltIn("networkpolicies"),
    "PodDisruptionBudget.policy": BuiltIn("poddisruptionbudgets"),
    f"ClusterRole.{_AUTHORIZATION}": BuiltIn("clusterroles", _CLUSTER),
    f"ClusterRoleBinding.{_AUTHORIZATION}": BuiltIn("clusterrolebindings", _CLUSTER),
    f"Role.{_AUTHORIZATION}": BuiltIn("roles"),
    f"RoleBinding.{_AUTHORIZATION}": BuiltIn("rolebindings"),
    "PriorityClass.scheduling.k8s.io": BuiltIn("priorityclasses", _CLUSTER),
    "StorageClass.storage.k8s.io": BuiltIn("storageclasses", _CLUSTER),
}
"""By `Kind.group`, or `Kind` in the core group."""

CLUSTER_KIND = "Cluster.gatewright"
"""The kind of `Cluster`: no API server has it."""

MODELS: dict[type[Object], str] = {
    model: next((key for key in KINDS if key.partition(".")[0] == model.__name__), CLUSTER_KIND)
    for model in (
        ClusterRole, ClusterRoleBinding, Cluster, ConfigMap, Endpoints, EndpointSlice, GRPCRoute, HTTPRoute, Ingress,
        LimitRange, MutatingWebhookConfiguration, Namespace, NetworkPolicy, Node, PersistentVolume, PriorityClass,
        ResourceQuota, Role, RoleBinding, Secret, Service, ServiceAccount, TLSRoute, ValidatingWebhookConfiguration,
    )
}  # fmt: skip
"""The kind that each model is of."""

STORED: dict[type, str] = {Pod: "Pod", **{model: key for model, key in MODELS.items() if key in KINDS}}
"""The models that there is a store of."""


def key_of(api_version: object, kind: object) -> str:
    """`Kind.group` of what an object says that it is, at whatever version; empty where it says nothing of the kind."""
    if not isinstance(api_version, str) or not isinstance(kind, str):
        return ""
    group, _, version = api_version.rpartition("/")
    if group and version:
        return f"{kind}.{group}"
    return kind if api_version == "v1" else ""


def is_namespaced(key: str) -> bool:
    """Whether objects of a kind are in a namespace; of a custom kind, it is taken for granted."""
    return key != CLUSTER_KIND and (key not in KINDS or KINDS[key].is_namespaced)


def path_of(key: str, namespace: str | None = None) -> str:
    """Where the API server lists a kind's objects: of a namespace, or of all."""
    kind, group = KINDS[key], key.partition(".")[2]
    root = f"/apis/{group}/{kind.version}" if group else f"/api/{kind.version}"
    within = f"/namespaces/{namespace}" if namespace is not None else ""
    return f"{root}{within}/{kind.resource}"

"""What a webhook has to be registered for, so that every policy that is on somewhere sees what it judges."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from gatewright.engine.match import NOT_POD_SECURITY, OF_NAMESPACES
from gatewright.model.cluster import Connect, Namespace, Resource
from gatewright.model.pod import TEMPLATES, Pod
from gatewright.model.review import CONNECT, CREATE, OPERATIONS, UPDATE
from gatewright.policy import Policy

POD_SUBRESOURCES = ("pods/ephemeralcontainers", "pods/resize")
"""The subresources by which a Pod changes what it runs."""

CONNECTIONS = ("nodes/proxy", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "services/proxy")
"""What is connected to rather than written."""

ACCESS = {
    "": ("namespaces", *(f"namespaces/{name}" for name in OF_NAMESPACES), "serviceaccounts"),
    "rbac.authorization.k8s.io": ("clusterrolebindings", "clusterroles", "rolebindings", "roles"),
}
"""What decides who may do what, by group: it is seen in every namespace, kube-system among them."""

GONE = frozenset({"extensions"})
"""Groups of manifests that no supported server has any more."""

REGULAR = (
    *(f"{kind}.rbac.authorization.k8s.io" for kind in ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")),
    *("ConfigMap", "LimitRange", "Namespace", "Node", "PersistentVolume", "PersistentVolumeClaim"),
    *("ResourceQuota", "Secret", "Service", "ServiceAccount"),
    "APIService.apiregistration.k8s.io",
    "CertificateSigningRequest.certificates.k8s.io",
    "CustomResourceDefinition.apiextensions.k8s.io",
    "EndpointSlice.discovery.k8s.io",
    "HorizontalPodAutoscaler.autoscaling",
    "PodDisruptionBudget.policy",
    *(key for key in TEMPLATES if key.partition(".")[2] not in GONE),
)
PLURALS = {
    **{key: f"{key.partition('.')[0].lower()}s" for key in REGULAR},
    "Endpoints": "endpoints",
    "Ingress.networking.k8s.io": "ingresses",
    "IngressClass.networking.k8s.io": "ingressclasses",
    "NetworkPolicy.networking.k8s.io": "networkpolicies",
    "PriorityClass.scheduling.k8s.io": "priorityclasses",
    "StorageClass.storage.k8s.io": "storageclasses",
}
"""The resources of built-in kinds: a rule names those, and a policy the kind."""

Wanted = dict[tuple[str, str], set[str]]
"""The operations that are wanted, by group and resource."""


class Unknown(NamedTuple):
    """A kind whose resource is not known: a custom one. Its rule is written by hand."""

    kind: str
    why: str

    def __str__(self) -> str:
        name, _, group = self.kind.partition(".")
        return (
            f"{self.kind} ({self.why}): the resource of this kind is not known; add a rule by hand, with apiGroups "
            f'["{group}"] and the resources that `kubectl api-resources --api-group={group}` prints for {name}'
        )


def rules(policies: Collection[Policy]) -> dict[str, list[dict[str, Any]]]:
    """The rules of the two webhooks, `workloads` and `access`, in the form of a ValidatingWebhookConfiguration."""
    workloads: Wanted = defaultdict(set)
    access: Wanted = defaultdict(set)
    for group, resources in ACCESS.items():
        for resource in resources:
            access[group, resource] |= {CREATE, UPDATE}
    for policy in policies:
        for group, resource in _resources(policy):
            written = access if resource.partition("/")[0] in ACCESS.get(group, ()) else workloads
            written[group, resource] |= policy.on - {CONNECT}
        if Connect in policy.subjects:
            for resource in CONNECTIONS:
                workloads["", resource].add(CONNECT)
    return {"workloads": list(_written(workloads)), "access": list(_written(access))}


def unknown(policies: Iterable[Policy], templates: Iterable[str]) -> list[Unknown]:
    """The kinds that the policies judge, and those under the configuration's `templates`, that there is no rule for."""
    found = {kind: f"policy {policy.id}" for policy in policies for kind in sorted(policy.kinds)}
    found |= dict.fromkeys(templates, "templates")
    return [Unknown(kind, why) for kind, why in sorted(found.items()) if kind not in PLURALS]


def _resources(policy: Policy) -> Iterator[tuple[str, str]]:
    """Group and resource of all that a policy judges, its subresources among them."""
    kinds = {
        *(policy.kinds if Resource in policy.subjects else ()),
        *(TEMPLATES if Pod in policy.subjects else ()),
        *(("Namespace",) if Namespace in policy.subjects else ()),
    }
    for kind in kinds & PLURALS.keys():
        group, resource = kind.partition(".")[2], PLURALS[kind]
        yield group, resource
        of_pods = kind == "Pod" and Pod in policy.subjects
        for subresource in policy.subresources - (NOT_POD_SECURITY if of_pods else frozenset()):
            yield group, f"{resource}/{subresource}"
    if Pod in policy.subjects:
        yield from (("", resource) for resource in POD_SUBRESOURCES)


def _written(wanted: Wanted) -> Iterator[dict[str, Any]]:
    """A rule for each group, and set of operations within it."""
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for (group, resource), on in wanted.items():
        alike[group, tuple(one for one in OPERATIONS if one in on)].append(resource)
    for (group, operations), resources in sorted(alike.items()):
        yield {
            "apiGroups": [group],
            "apiVersions": ["v1"],
            "operations": list(operations),
            "resources": sorted(resources),
            "scope": "*",
        }

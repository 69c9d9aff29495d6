"""What a webhook has to be registered for, so that every policy that is on somewhere sees what it judges."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from gatewright.engine import granting
from gatewright.engine.match import NOT_POD_SECURITY, OF_NAMESPACES
from gatewright.engine.world import RBAC
from gatewright.model.cluster import Connect, Resource
from gatewright.model.kinds import KINDS, MODELS, STORED
from gatewright.model.pod import TEMPLATES, Pod
from gatewright.model.review import CONNECT, CREATE, OPERATIONS, UPDATE
from gatewright.policy import Grants, Policy

POD_SUBRESOURCES = ("pods/ephemeralcontainers", "pods/resize")
"""The subresources by which a Pod changes what it runs."""

CONNECTIONS = ("nodes/proxy", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "services/proxy")
"""What is connected to rather than written."""

ACCESS = {
    "": ("namespaces", *(f"namespaces/{name}" for name in OF_NAMESPACES), "serviceaccounts"),
    "rbac.authorization.k8s.io": ("clusterrolebindings", "clusterroles", "rolebindings", "roles"),
}
"""What decides who may do what, by group: it is seen in every namespace, kube-system among them."""

NEVER_ASKED = frozenset({"admissionregistration.k8s.io"})
"""Groups whose objects an API server asks no webhook about: they decide who is asked."""

OF_MANY_VERSIONS = frozenset({"gateway.networking.k8s.io"})
"""Groups that a cluster installs, in whichever version it likes."""

REFLECTED = ("get", "list", "watch")
"""The verbs by which a store is kept up to date, and what it lacks is looked up."""

ITSELF = {
    "apiGroups": ["admissionregistration.k8s.io"],
    "resources": ["validatingwebhookconfigurations"],
    "resourceNames": ["gatewright"],
    "verbs": ["get", "patch"],
}
"""The service puts its certificate into its own registration, and into no other."""

Wanted = dict[tuple[str, str], set[str]]
"""The operations, or the verbs, that are wanted, by group and resource."""


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
        for group, resource in _resources(policy) if policy.is_registered else ():
            if group in NEVER_ASKED:
                continue
            written = access if resource.partition("/")[0] in ACCESS.get(group, ()) else workloads
            written[group, resource] |= policy.on - {CONNECT}
        if Connect in policy.subjects:
            for resource in CONNECTIONS:
                workloads["", resource].add(CONNECT)
    return {"workloads": list(_written(workloads)), "access": list(_written(access))}


def unknown(policies: Iterable[Policy], templates: Iterable[str]) -> list[Unknown]:
    """The kinds that the policies judge, and those under the configuration's `templates`, that there is no rule for."""
    registered = (policy for policy in policies if policy.is_registered)
    found = {kind: f"policy {policy.id}" for policy in registered for kind in sorted(policy.kinds)}
    found |= dict.fromkeys(templates, "templates")
    return [Unknown(kind, why) for kind, why in sorted(found.items()) if kind not in KINDS]


def read_by(policies: Iterable[Policy]) -> set[type]:
    """The kinds that policies read of the cluster: those of their stores, and all that says who may do what."""
    found: set[type] = set()
    for policy in policies:
        found.update(policy.stores.values())
        if "access" in policy.needs or Grants in policy.subjects:
            found.update(RBAC)
    return found


def cluster_role(policies: Iterable[Policy]) -> list[dict[str, Any]]:
    """The rules of the service's ClusterRole: what policies read of the cluster, and what it needs whatever they are.

    Of Pods, which are looked up and not watched, it lists those of a namespace that begins to enforce a level.
    """
    wanted: Wanted = defaultdict(set, {("", "namespaces"): set(REFLECTED), ("", "pods"): {"list"}})
    for kind in read_by(policies):
        key = STORED[kind]
        wanted[key.partition(".")[2], KINDS[key].resource] |= {"get", "list"} if kind is Pod else set(REFLECTED)
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for (group, resource), verbs in wanted.items():
        alike[group, tuple(sorted(verbs))].append(resource)
    rules = [
        {"apiGroups": [group], "resources": sorted(resources), "verbs": list(verbs)}
        for (group, verbs), resources in sorted(alike.items())
    ]
    return [*rules, ITSELF]


def _resources(policy: Policy) -> Iterator[tuple[str, str]]:
    """Group and resource of all that a policy judges, its subresources among them."""
    kinds = {
        *(policy.kinds if Resource in policy.subjects else ()),
        *(TEMPLATES if Pod in policy.subjects else ()),
        *(MODELS[subject] for subject in policy.subjects if subject in MODELS),
        *(granting.KINDS if Grants in policy.subjects else ()),
    }
    for kind in kinds & KINDS.keys():
        group, resource = kind.partition(".")[2], KINDS[kind].resource
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
            "apiVersions": ["*"] if group in OF_MANY_VERSIONS else ["v1"],
            "operations": list(operations),
            "resources": sorted(resources),
            "scope": "*",
        }

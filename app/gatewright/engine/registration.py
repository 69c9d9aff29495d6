"""What a webhook has to be registered for, so that every policy of a catalogue sees what it judges."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from gatewright.model.pod import TEMPLATES, Pod
from gatewright.model.review import CREATE, OPERATIONS, UPDATE
from gatewright.policy import Policy

POD_SUBRESOURCES = ("pods/ephemeralcontainers", "pods/resize")
"""The subresources by which a Pod changes what it runs."""

ACCESS = {
    "": ("namespaces", "serviceaccounts"),
    "rbac.authorization.k8s.io": ("clusterrolebindings", "clusterroles", "rolebindings", "roles"),
}
"""What decides who may do what, by group: it is seen in every namespace, kube-system among them."""

GONE = frozenset({"extensions"})
"""Groups of manifests that no supported server has any more."""


def rules(policies: Iterable[Policy]) -> dict[str, list[dict[str, Any]]]:
    """The rules of the two webhooks, `workloads` and `access`, in the form of a ValidatingWebhookConfiguration."""
    operations: set[str] = set()
    for policy in policies:
        if Pod in policy.subjects:
            operations |= policy.on
    carriers: dict[str, list[str]] = defaultdict(list)
    for key in TEMPLATES:
        kind, _, group = key.partition(".")
        if group not in GONE:
            carriers[group].append(f"{kind.lower()}s")
    carriers[""] += POD_SUBRESOURCES
    return {
        "workloads": [_rule(group, resources, operations) for group, resources in sorted(carriers.items())],
        "access": [_rule(group, resources, {CREATE, UPDATE}) for group, resources in sorted(ACCESS.items())],
    }


def _rule(group: str, resources: Iterable[str], operations: set[str]) -> dict[str, Any]:
    return {
        "apiGroups": [group],
        "apiVersions": ["v1"],
        "operations": [operation for operation in OPERATIONS if operation in operations],
        "resources": sorted(resources),
        "scope": "*",
    }

"""Manifests name API versions that stay.

Fields:  apiVersion and kind, as the file or the requester wrote them
Allowed: an API that the version of Kubernetes neither has removed nor deprecates
Why:     a server of the release that removes an API refuses what is written for it: an upgrade that did not look stops
         the next deployment, or the recovery. It tells only what it has found: an API of a later release, or one that
         a custom kind serves, is not known here. The API server warns of these itself, so admission should not do so
         again: what this is for are files and audits. No webhook is registered for its sake.
Source:  the lifecycle that k8s.io/api declares for its types; the Deprecated API Migration Guide
"""

from gatewright.policy import KubernetesVersion, Resource, Severity, V, Violation, Violations, policy

from ._lifecycle import LIFECYCLE
from ._removed import REMOVED

APIS = {name: LIFECYCLE.get(name, {}) | REMOVED.get(name, {}) for name in LIFECYCLE.keys() | REMOVED.keys()}
KINDS = {
    f"{kind}.{group}" if group else kind
    for name, kinds in APIS.items()
    for group, _, _ in [name.rpartition("/")]
    for kind in kinds
}


MANAGED = "endpoints.kubernetes.io/managed-by"
"""The label of Endpoints that a controller made of a Service: nobody wrote their apiVersion."""


@policy(severity=Severity.MEDIUM, kinds=KINDS, is_registered=False)
def deprecated_api(resource: Resource, version: KubernetesVersion) -> Violations:
    name, kind = resource.api_version, resource.kind
    if MANAGED in resource.metadata.labels:
        return
    deprecated, removed, instead = APIS.get(name, {}).get(kind, (0, 0, ""))
    if removed and V(1, removed) <= version:
        fate, severity = f"was removed in {V(1, removed)}", Severity.HIGH
    elif deprecated and V(1, deprecated) <= version:
        goes = f" and goes in {V(1, removed)}" if removed else ""
        fate, severity = f"is deprecated since {V(1, deprecated)}{goes}", Severity.MEDIUM if removed else Severity.LOW
    else:
        return
    advice = f"use {instead}" if (instead := _served(instead, kind, version)) else "nothing takes its place"
    yield Violation(resource.node, "apiVersion", f"{name} {kind} {fate}; {advice}", severity=severity)


def _served(instead: str, kind: str, version: KubernetesVersion) -> str:
    """What to use, past what `version` has removed in its turn; empty where all of it is."""
    while instead:
        _, removed, following = APIS.get(instead, {}).get(kind, (0, 0, ""))
        if not removed or V(1, removed) > version:
            break
        instead = following
    return instead

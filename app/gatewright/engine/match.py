"""Where a policy applies, and where an override does."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from gatewright.engine import granting
from gatewright.engine.settings import Condition
from gatewright.model.cluster import Connect, Namespace, Resource
from gatewright.model.kinds import MODELS
from gatewright.model.path import Path
from gatewright.model.pod import Pod
from gatewright.model.review import CONNECT, AdmissionRequest
from gatewright.policy import Grants, Policy

NOT_POD_SECURITY = frozenset({"attach", "binding", "eviction", "exec", "log", "portforward", "proxy", "status"})
"""Subresources of pods that carry no pod to judge; every other one is judged, one that is yet to come as well."""

OF_NAMESPACES = frozenset({"finalize", "status"})
"""Subresources of namespaces: an update of one carries the whole Namespace, and changes its labels as well."""


class Target(NamedTuple):
    """The part of a request that decides which policies can apply to it."""

    kind: str
    operation: str
    subresource: str


def view_of(policy: Policy, target: Target, templates: Mapping[str, Path]) -> type | None:
    """The view of the object that the policy judges, or None where it does not apply."""
    if target.operation not in policy.on:
        return None
    for subject in policy.subjects:
        if _applies(policy, subject, target, templates):
            return subject
    return None


def _applies(policy: Policy, subject: type, target: Target, templates: Mapping[str, Path]) -> bool:
    if subject is Connect or target.operation == CONNECT:
        return subject is Connect and target.operation == CONNECT
    if subject is Pod and target.kind == "Pod":
        return target.subresource not in NOT_POD_SECURITY
    if subject is Namespace and target.kind == "Namespace" and target.subresource in OF_NAMESPACES:
        return True
    known = _kinds(policy, subject, templates)
    return target.kind in known and (not target.subresource or target.subresource in policy.subresources)


def _kinds(policy: Policy, subject: type, templates: Mapping[str, Path]) -> Collection[str]:
    if subject is Pod:
        return templates
    if subject is Grants:
        return granting.KINDS
    return policy.kinds if subject is Resource else {MODELS[subject]}


def holds(condition: Condition, request: AdmissionRequest, name: str, labels: Mapping[str, str]) -> bool:
    """Whether an override's condition holds for a request; `labels` are the namespace's."""
    kind = request.kind
    return (
        (condition.namespaces is None or condition.namespaces.match(request.namespace))
        and all(labels.get(key) == value for key, value in (condition.namespace_labels or {}).items())
        and (
            condition.kinds is None
            or condition.kinds.match(kind.kind)
            or condition.kinds.match(f"{kind.group}/{kind.kind}")
        )
        and (condition.names is None or condition.names.match(name))
        and (condition.operations is None or request.operation in condition.operations)
        and (condition.users is None or condition.users.match(request.user_info.username))
        and (condition.groups is None or any(condition.groups.match(group) for group in request.user_info.groups))
    )

"""Minimal valid objects, and the variants of one case: every list of containers, every kind that carries a pod."""

import copy
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gatewright.engine import granting
from gatewright.model.cluster import Connect
from gatewright.model.kinds import MODELS, is_namespaced
from gatewright.model.path import Path
from gatewright.model.pod import CONTAINER_LISTS, TEMPLATES, Pod
from gatewright.model.review import Kind
from gatewright.policy import Grants, Policy

CONTAINER = {
    "image": "registry.example/app:1",
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    },
}
"""A container of the restricted level."""

KINDS = {
    "Pod": Kind("", "v1", "Pod"),
    "Deployment": Kind("apps", "v1", "Deployment"),
    "ReplicaSet": Kind("apps", "v1", "ReplicaSet"),
    "StatefulSet": Kind("apps", "v1", "StatefulSet"),
    "DaemonSet": Kind("apps", "v1", "DaemonSet"),
    "Job": Kind("batch", "v1", "Job"),
    "CronJob": Kind("batch", "v1", "CronJob"),
    "ReplicationController": Kind("", "v1", "ReplicationController"),
    "PodTemplate": Kind("", "v1", "PodTemplate"),
    "Rollout": Kind("argoproj.io", "v1alpha1", "Rollout"),
}
"""Every kind that carries a pod, a custom one among them."""


@dataclass(frozen=True, slots=True)
class Variant:
    """An object that a case is run on: its paths are put into `list_name` and below `template`."""

    name: str
    kind: Kind
    object: dict[str, Any]
    template: Path = ()
    list_name: str = "containers"

    @property
    def is_cluster_scoped(self) -> bool:
        """Whether objects of the kind have no namespace."""
        return not is_namespaced(self.kind.key)

    def place(self, path: Path) -> Path:
        """A path of the case, in this object."""
        if path[:2] == ("spec", "containers") and path[2:]:
            path = ("spec", self.list_name, *path[2:])
        return self.template + path

    def unplaced(self, path: Path) -> Path:
        """A path in this object, as the case would write it."""
        if path[: len(self.template)] == self.template:
            path = path[len(self.template) :]
        return ("spec", "containers", *path[2:]) if path[:2] == ("spec", self.list_name) else path

    def is_bystander(self, path: Path) -> bool:
        """Whether a path leads into the container that is only there because a pod needs one."""
        place = (*self.template, "spec", "containers")
        return self.list_name != "containers" and path[: len(place)] == place and len(path) > len(place)


def variants(
    policy: Policy,
    changes: Mapping[str, Any],
    old: Mapping[str, Any] | None,
    whole: dict[str, Any] | None,
    kinds: list[str] | None,
    lists: Collection[str] = CONTAINER_LISTS,
) -> Iterator[Variant]:
    """The objects that a case is run on.

    A case that changes `containers[N]` is repeated in the three lists, or in those of `lists`. One without an old
    object is repeated in every kind that carries a pod; with one in a Pod alone, unless `kinds` names others, since
    what counts as a change differs. A whole object stands for itself. Of a policy of other kinds a case is repeated in
    each of them; of one of pods and of other kinds in pods, unless `kinds` names others.

    Raises:
        ValueError: there is no such kind.
    """
    if whole is not None:
        group, _, version = str(whole.get("apiVersion", "v1")).rpartition("/")
        kind = Kind(group, version, str(whole.get("kind", "")))
        yield Variant(kind.kind, kind, whole)
        return
    others = {key.partition(".")[0]: key for key in sorted(_other_kinds(policy))}
    pods = KINDS if Pod in policy.subjects else {}
    if unknown := [name for name in kinds or () if name not in others and name not in pods]:
        raise ValueError(f"kinds: there is no {', '.join(unknown)}; there are {', '.join((*pods, *others))}")
    listed = any(path.startswith("spec.containers[") for path in (*changes, *(old or {})))
    for name in kinds or (others if not pods else pods if old is None else ["Pod"]):
        if name in pods:
            for list_name in lists if listed else ("containers",):
                yield _pod_variant(KINDS[name], list_name)
        else:
            group = others[name].partition(".")[2]
            kind = Kind(group, "v1", name)
            yield Variant(name, kind, _identity(kind, "shop"))
    if Connect in policy.subjects and not kinds and not pods:
        yield Variant("CONNECT", Kind("", "v1", "PodExecOptions"), {})


def _other_kinds(policy: Policy) -> set[str]:
    """The kinds that a policy judges and that carry no pod."""
    of_grants = set(granting.KINDS) if Grants in policy.subjects else set()
    return {MODELS[subject] for subject in policy.subjects if subject in MODELS} | policy.kinds | of_grants


def _pod_variant(kind: Kind, list_name: str) -> Variant:
    spec: dict[str, Any] = {list_name: [{"name": "app", **copy.deepcopy(CONTAINER)}]}
    if list_name != "containers":
        spec["containers"] = [{"name": "bystander", **copy.deepcopy(CONTAINER)}]
    template = TEMPLATES.get(kind.key, ("spec", "template"))
    whole = _identity(kind, "pod")
    put(whole, (*template, "spec"), spec)
    return Variant(f"{kind.kind}, {list_name}", kind, whole, template, list_name)


def _identity(kind: Kind, name: str) -> dict[str, Any]:
    return {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": {"name": name}}


def put(document: Any, path: Path, value: Any) -> None:
    """Puts a value at a path, with what is missing around it; None removes what is there."""
    for step, following in pairwise(path):
        missing: Any = [] if isinstance(following, int) else {}
        if isinstance(document, list) and step == len(document):
            document.append(missing)
        elif isinstance(document, dict):
            document.setdefault(step, missing)
        document = document[step]
    last = path[-1]
    if value is None:
        document.pop(last, None) if isinstance(document, dict) else document.pop(last)
    elif isinstance(document, list) and last == len(document):
        document.append(copy.deepcopy(value))
    else:
        document[last] = copy.deepcopy(value)

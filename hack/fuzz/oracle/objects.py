"""What is judged of an object: the pod that it carries, what an UPDATE changes of it, and a Namespace's labels."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fuzz.oracle import checks, types

CARRIERS: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "Pod"): (),
    ("", "PodTemplate"): ("template",),
    ("", "ReplicationController"): ("spec", "template"),
    **{("apps", kind): ("spec", "template") for kind in ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")},
    **{("extensions", kind): ("spec", "template") for kind in ("DaemonSet", "Deployment", "ReplicaSet")},
    ("batch", "Job"): ("spec", "template"),
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
}
"""Where each kind, by its group, keeps its pod."""
NO_POD = {"attach", "binding", "eviction", "exec", "log", "portforward", "proxy", "status"}
_PREFIX = "pod-security.kubernetes.io/"
_VERSION = re.compile(r"latest|v1\.(?:[0-9]|[1-9][0-9]+)")


@dataclass
class Template:
    """The pod in an object: absent, broken, doubtful (a field that no check reads is of a wrong type), or fine."""

    holder: Any
    path: tuple[str, ...]
    is_absent: bool = False
    is_broken: bool = False
    is_doubtful: bool = False
    pod: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        value = self.holder
        around = value.get("metadata") if self.path and isinstance(value, dict) else None
        self.is_doubtful = any(True for _ in types.wrong(around, types.METADATA))
        for step in self.path:
            if not isinstance(value, dict):
                break
            value = value.get(step)
            if value is None:
                self.is_absent = True
                return
        if not isinstance(value, dict):
            self.is_broken = True
            return
        places = set(types.wrong(value, types.TEMPLATE))
        self.pod, self.is_broken = value, True in places
        self.is_doubtful |= False in places


def starts(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether an UPDATE of a Pod starts what was not judged before."""

    def images(pod: dict[str, Any], kind: str) -> list[str]:
        return [checks.at(container, "image") or "" for container in checks.items(pod, "spec", kind)]

    def named(pod: dict[str, Any]) -> Iterator[tuple[str, str]]:
        names = [checks.at(one, "name") or "" for one in checks.items(pod, "spec", "ephemeralContainers")]
        yield from zip(names, images(pod, "ephemeralContainers"), strict=True)

    known = dict(named(old))
    return any(images(old, kind) != images(new, kind) for kind in ("containers", "initContainers")) or any(
        known.get(name) != image for name, image in named(new)
    )


def changes(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether an UPDATE of a workload changes its template."""
    return old != new


def is_invalid(key: str, value: str) -> bool:
    """Whether a Namespace's label is one of pod-security's, and says what does not exist."""
    mode = key.removeprefix(_PREFIX)
    if mode in ("enforce", "audit", "warn"):
        return value not in ("privileged", "baseline", "restricted")
    return mode in ("enforce-version", "audit-version", "warn-version") and not _VERSION.fullmatch(value)

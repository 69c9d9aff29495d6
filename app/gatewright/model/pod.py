"""Pods, and where each workload keeps its own. The one place that knows the lists of containers."""

import functools
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec import field

from gatewright.model.container import Container, Resources
from gatewright.model.meta import Metadata
from gatewright.model.path import Path
from gatewright.model.schema import Node, Part
from gatewright.model.security import PodSecurityContext
from gatewright.model.used_image import UsedImage, used_image
from gatewright.model.volume import Volume

CONTAINER_LISTS = ("initContainers", "containers", "ephemeralContainers")
"""Every list of containers in a pod's spec, in the order that they are judged in."""


class PodOS(Part, frozen=True, rename="camel", gc=False):
    """The operating system that the pod asks for: linux, windows, or empty."""

    name: str = ""


class HostAlias(Node, frozen=True, rename="camel", gc=False):
    """A line of the pod's /etc/hosts."""

    ip: str = ""
    hostnames: tuple[str, ...] = ()


class NodeSelectorRequirement(Node, frozen=True, rename="camel", gc=False):
    """What a node's label, or a field of it, must be."""

    key: str = ""
    operator: str = ""
    values: tuple[str, ...] = ()


class NodeSelectorTerm(Node, frozen=True, rename="camel", gc=False):
    """What a node must be: all of it."""

    match_expressions: tuple[NodeSelectorRequirement, ...] = ()
    match_fields: tuple[NodeSelectorRequirement, ...] = ()


class NodeSelector(Part, frozen=True, rename="camel", gc=False):
    """What a node must be: one of the terms."""

    node_selector_terms: tuple[NodeSelectorTerm, ...] = ()


class PreferredSchedulingTerm(Node, frozen=True, rename="camel", gc=False):
    """What a node had better be."""

    preference: NodeSelectorTerm = NodeSelectorTerm()
    weight: int = 0


class NodeAffinity(Part, frozen=True, rename="camel", gc=False):
    """Which nodes the pod goes to."""

    preferred_during_scheduling_ignored_during_execution: tuple[PreferredSchedulingTerm, ...] = ()
    required_during_scheduling_ignored_during_execution: NodeSelector = NodeSelector()


class Affinity(Part, frozen=True, rename="camel", gc=False):
    """Where the pod goes, as far as it says so of nodes."""

    node_affinity: NodeAffinity = NodeAffinity()


class Toleration(Node, frozen=True, rename="camel", gc=False):
    """A taint that the pod bears; no `key` with the operator Exists is every taint."""

    effect: str = ""
    key: str = ""
    operator: str = ""
    value: str = ""


class PodSpec(Node, frozen=True, rename="camel", gc=False):
    """What the pod runs. Take containers from `Pod.containers`, never from one of these lists."""

    affinity: Affinity = Affinity()
    automount_service_account_token: bool | None = None
    containers: tuple[Container, ...] = ()
    ephemeral_containers: tuple[Container, ...] = ()
    host_aliases: tuple[HostAlias, ...] = ()
    host_ipc: bool = field(default=False, name="hostIPC")
    host_network: bool = False
    host_pid: bool = field(default=False, name="hostPID")
    host_users: bool | None = None
    init_containers: tuple[Container, ...] = ()
    node_name: str = ""
    node_selector: dict[str, str] = {}
    os: PodOS = PodOS()
    priority_class_name: str = ""
    resources: Resources = Resources()
    restart_policy: str = ""
    runtime_class_name: str = ""
    security_context: PodSecurityContext = PodSecurityContext()
    service_account: str = ""
    service_account_name: str = ""
    share_process_namespace: bool = False
    tolerations: tuple[Toleration, ...] = ()
    volumes: tuple[Volume, ...] = ()

    def placed_containers(self) -> Iterator[tuple[Path, Container]]:
        """Every container of every list, each under its path in the spec."""
        lists = (self.init_containers, self.containers, self.ephemeral_containers)
        for name, containers in zip(CONTAINER_LISTS, lists, strict=True):
            for index, container in enumerate(containers):
                yield (name, index), container


class PodTemplate(Node, frozen=True, rename="camel", gc=False):
    """A pod as it stands in its carrier: a Pod, or a workload's template."""

    metadata: Metadata = field(default_factory=Metadata)
    spec: PodSpec = field(default_factory=PodSpec)


class Pod:
    """The pod of a request: a Pod, or the template of the workload that carries it.

    `namespace` is the request's, since templates have none and an object's own is not to be trusted; None where a
    file names none. `containers` are all that will run: init, regular and ephemeral ones, in that order. `is_windows`:
    the pod says that it runs on Windows, where Linux' security fields cannot be set. `workload` is the metadata of the
    workload that carries the template, None for a Pod.
    """

    __slots__ = (
        "__weakref__", "_images", "_raw", "containers", "is_template", "is_windows", "metadata", "namespace", "spec",
        "template", "workload",
    )  # fmt: skip

    def __init__(
        self,
        template: PodTemplate,
        namespace: str | None,
        is_template: bool,
        raw: Callable[[], dict[str, Any]],
        workload: Metadata | None = None,
    ) -> None:
        self.template = template
        self.metadata = template.metadata
        self.spec = spec = template.spec
        self.namespace = namespace
        self.is_template = is_template
        self.containers = spec.init_containers + spec.containers + spec.ephemeral_containers
        self.is_windows = spec.os.name == "windows"
        self.workload = workload
        self._raw = raw
        self._images: tuple[UsedImage, ...] | None = None

    @property
    def images(self) -> tuple[UsedImage, ...]:
        """Every image of the pod: those that its containers run, of every list, and those that are volumes."""
        if self._images is None:
            run = [used_image(one, one.image, one.image_pull_policy) for one in self.containers]
            sources = [(volume, volume.image) for volume in self.spec.volumes if volume.image is not None]
            mounted = [used_image(volume, source.reference, source.pull_policy) for volume, source in sources]
            self._images = (*run, *mounted)
        return self._images

    @property
    def scheduled_containers(self) -> tuple[Container, ...]:
        """The init and regular containers: ephemeral ones can have no resources, ports, probes or hooks."""
        return self.spec.init_containers + self.spec.containers

    @property
    def raw(self) -> dict[str, Any]:
        """The pod as plain dicts, decoded when first asked for: for fields outside the model."""
        return self._raw()


class Raw:
    """A part of an object as plain dicts, decoded when first asked for."""

    __slots__ = ("_load", "_value")

    def __init__(self, load: Callable[[], dict[str, Any]]) -> None:
        self._load = load
        self._value: dict[str, Any] | None = None

    def __call__(self) -> dict[str, Any]:
        if self._value is None:
            self._value = self._load()
        return self._value


TEMPLATES: dict[str, Path] = {
    "Pod": (),
    "Deployment.apps": ("spec", "template"),
    "ReplicaSet.apps": ("spec", "template"),
    "StatefulSet.apps": ("spec", "template"),
    "DaemonSet.apps": ("spec", "template"),
    "Deployment.extensions": ("spec", "template"),
    "ReplicaSet.extensions": ("spec", "template"),
    "DaemonSet.extensions": ("spec", "template"),
    "Job.batch": ("spec", "template"),
    "CronJob.batch": ("spec", "jobTemplate", "spec", "template"),
    "ReplicationController": ("spec", "template"),
    "PodTemplate": ("template",),
}
"""Where each built-in kind keeps its pod, by `Kind.group`, whatever the version."""


@functools.cache
def carrier(path: Path, *, as_text: bool = False) -> type[msgspec.Struct]:
    """The type of an object that keeps a pod at `path`; but for its metadata, its other fields are skipped, not built.

    Args:
        path: where.
        as_text: whether the pod is kept as JSON, `null` where there is none.
    """
    if not path:
        return PodTemplate
    steps = tuple(map(str, path))
    kind: Any = msgspec.Raw if as_text else PodTemplate | None
    absent: Any = msgspec.Raw(b"null") if as_text else None
    for depth, step in reversed(list(enumerate(steps))):
        fields: list[Any] = [("child", kind, field(default=absent, name=step))]
        if depth == 0 and step != "metadata" and not as_text:
            fields.append(("metadata", Metadata, field(default_factory=Metadata)))
        carried = msgspec.defstruct("Carrier", fields, frozen=True)
        kind, absent = carried | None, None
    return carried


def pod_of(root: object, path: Path) -> PodTemplate | None:
    """The pod that a decoded `carrier(path)` holds, or None where it holds none."""
    for _ in path:
        root = getattr(root, "child", None)
    return root if isinstance(root, PodTemplate) else None


def runs_something_new(old: PodTemplate, new: PodTemplate) -> bool:
    """Whether an UPDATE of a Pod starts what was not judged before (isSignificantPodUpdate upstream).

    It does where a list changed its length, an image changed at its index, or an ephemeral container is new by its
    name or changed its image. Changed labels, annotations and resources start nothing.
    """
    for before, after in (
        (old.spec.containers, new.spec.containers),
        (old.spec.init_containers, new.spec.init_containers),
    ):
        if [container.image for container in before] != [container.image for container in after]:
            return True
    known = {container.name: container.image for container in old.spec.ephemeral_containers}
    return any(known.get(container.name) != container.image for container in new.spec.ephemeral_containers)

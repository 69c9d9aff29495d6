"""Pods without what differs from one pod to the next: names, images, variables, command lines, values of labels.

A cluster runs thousands of pods and few outlines. What a check does not find in an outline, without having asked for
anything that is left out there, it finds in no pod of that outline.
"""

import itertools
from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, ClassVar, NoReturn

import msgspec

from gatewright.model.container import Container, Resources
from gatewright.model.meta import Metadata, OwnerReference
from gatewright.model.pod import Pod, PodSpec, PodTemplate
from gatewright.model.volume import Volume


class LeftOut(BaseException):
    """A check asked for what an outline does not have. `raised`: how often, whatever became of it then."""

    raised: ClassVar[int] = 0

    def __init__(self) -> None:
        LeftOut.raised += 1


def _trap(*_: object, **__: object) -> NoReturn:
    raise LeftOut


_NAMES = {name for kind in (dict, float, int, str) for name in dir(kind) if name.startswith("__")}
_NAMES -= {"__new__", "__init__", "__init_subclass__", "__class__", "__class_getitem__", "__doc__", "__subclasshook__"}

UNKNOWN: Any = type("Unknown", (), dict.fromkeys(_NAMES, _trap))()
"""A value of which nothing can be asked but whether it is None."""

MARK = "\0"
"""Between two of them stands the index of a container where its label would stand. No message has one otherwise: what
comes out of an object is escaped in it."""

_CONTAINERS = ("init_containers", "containers", "ephemeral_containers")
"""In the order of `Pod.containers`."""
_LEFT_OUT: dict[type[msgspec.Struct], frozenset[str]] = {
    Container: frozenset({"name", "image", "args", "command", "env", "volume_mounts"}),
    Metadata: frozenset({"name", "generate_name", "namespace"}),
    OwnerReference: frozenset({"name", "uid"}),
    PodSpec: frozenset(),
    Volume: frozenset({"name"}),
}
_OF_THEIR_OWN = frozenset({*_CONTAINERS, "volumes", "resources", "node_selector"})
"""Fields of which an outline has a part, or that are no keys of a dict as they are."""


def _without(kind: type[msgspec.Struct]) -> Any:
    """The kind, but every field that is left out is a trap."""
    traps = dict.fromkeys(_LEFT_OUT[kind], property(_trap))
    return msgspec.defstruct(kind.__name__, [], bases=(kind,), namespace=traps, frozen=True)


_outlines = {kind: _without(kind) for kind in _LEFT_OUT}
_index: Any = vars(Container)["name"]  # the slot below the trap
_outlines[Container].label = property(lambda container: f"{MARK}{_index.__get__(container)}{MARK}")


def _outlined(node: msgspec.Struct, **besides: object) -> Any:
    kind = type(node)
    kept = {name: getattr(node, name) for name in node.__struct_fields__ if name not in _LEFT_OUT[kind]}
    return _outlines[kind](**kept | besides)


def _keys(mapping: Mapping[str, str]) -> dict[str, Any]:
    return dict.fromkeys(mapping, UNKNOWN)


def _described(metadata: Metadata) -> Metadata:
    owners = tuple(map(_outlined, metadata.owner_references))
    keys = {"labels": _keys(metadata.labels), "annotations": _keys(metadata.annotations)}
    described: Metadata = _outlined(metadata, owner_references=owners, **keys)
    return described


def outlined(pod: Pod) -> Pod:
    """The pod, but what is left out of its outline raises LeftOut, and labels of containers are marks."""
    index = itertools.count()
    spec = _outlined(
        pod.spec,
        node_selector=_keys(pod.spec.node_selector),
        volumes=tuple(map(_outlined, pod.spec.volumes)),
        **{
            name: tuple(_outlined(one, name=str(next(index))) for one in getattr(pod.spec, name))
            for name in _CONTAINERS
        },
    )
    workload = _described(pod.workload) if pod.workload else None
    return Pod(PodTemplate(_described(pod.metadata), spec), pod.namespace, pod.is_template, _trap, workload)


def _getter(kind: type[msgspec.Struct]) -> Callable[[Any], object]:
    return attrgetter(*(name for name in kind.__struct_fields__ if name not in _LEFT_OUT[kind] | _OF_THEIR_OWN))


_of_container = _getter(Container)
_of_owner = _getter(OwnerReference)
_of_spec = _getter(PodSpec)
_of_volume = _getter(Volume)


def outline_of(pod: Pod) -> tuple[object, ...]:
    """What pods of one outline have in common: it is equal for two of them."""
    spec = pod.spec
    return (
        pod.namespace,
        pod.is_template,
        _of_spec(spec),
        tuple(map(_of_container, spec.init_containers)),
        tuple(map(_of_container, spec.containers)),
        tuple(map(_of_container, spec.ephemeral_containers)),
        _amounts(spec.resources),
        tuple([_amounts(container.resources) for container in pod.containers]),
        tuple(map(_of_volume, spec.volumes)),
        tuple(spec.node_selector),
        _keys_of(pod.metadata),
        pod.workload and _keys_of(pod.workload),
    )


def _amounts(resources: Resources) -> tuple[object, ...]:
    limits, requests = resources.limits, resources.requests
    types = (
        *map(type, limits.values()),
        *map(type, requests.values()),
    )  # 2 and 2.0 are equal, and are not written alike
    return (*limits.items(), None, *requests.items(), types)


def _keys_of(metadata: Metadata) -> tuple[object, ...]:
    return (*metadata.annotations, None, *metadata.labels, *map(_of_owner, metadata.owner_references))

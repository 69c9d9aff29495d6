"""Where a credential may stand in an object, and how the place is called: never by its value."""

import base64
import binascii
import codecs
from collections.abc import Iterator
from typing import NamedTuple

import re2

from gatewright.policy import (
    ConfigMap,
    Container,
    Ingress,
    LifecycleHandler,
    Metadata,
    Namespace,
    Pod,
    Secret,
    Service,
    ServiceAccount,
    quote,
)

Subject = Pod | ConfigMap | Secret | Service | ServiceAccount | Ingress | Namespace
"""Whatever carries annotations that people write by hand, pods and ConfigMaps above all."""

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
"""The annotation in which kubectl repeats the object; its content is judged as the object itself."""


class Place(NamedTuple):
    """A value, what it is called, and where it stands: a path below a node that a violation can point at."""

    name: str
    value: str
    node: Container | Metadata | ConfigMap
    field: tuple[str | int, ...]

    def __repr__(self) -> str:
        """Its name: the value stays untold wherever this is."""
        return f"Place({self.name!r})"

    @property
    def text(self) -> str:
        """The value behind its name, as shapes want to see it."""
        return f"{self.name}={self.value}" if self.name else self.value

    def told(self, what: str) -> str:
        """A message of what is in the place, e.g. `has …`."""
        part = self.field[0]
        if not isinstance(self.node, Container):
            word = {"annotations": "annotation", "labels": "label"}.get(str(part), str(part))
            return f"{word} {quote(self.field[1])} {what}"
        inside = f"the value of env {quote(self.name)}" if part == "env" else str(part)
        return f"{self.node.label} {what} in {inside}"


def places(subject: Subject) -> Iterator[Place]:
    """Every place of an object that is read, in the order that it is read in."""
    if isinstance(subject, Pod):
        for container in subject.containers:
            yield from _contained(container)
        yield from _described(subject.metadata)
        if subject.workload is not None:
            yield from _described(subject.workload)
        return
    if isinstance(subject, ConfigMap):
        if subject.namespace == "kube-public" and subject.name == "cluster-info":
            return  # what a joining node is to trust; the API server shows it to everybody
        for key, value in subject.data.items():
            yield Place(key, value, subject, ("data", key))
        for key, value in subject.binary_data.items():
            yield Place(key, _text(value), subject, ("binaryData", key))
    yield from _described(subject.metadata)


def _described(metadata: Metadata) -> Iterator[Place]:
    for key, value in metadata.annotations.items():
        if key != LAST_APPLIED:
            yield Place(key, value, metadata, ("annotations", key))
    for key, value in metadata.labels.items():
        yield Place(key, value, metadata, ("labels", key))


def _contained(container: Container) -> Iterator[Place]:
    for index, variable in enumerate(container.env):
        if variable.value:
            yield Place(variable.name, variable.value, container, ("env", index, "value"))
    yield from _spoken(container, (("command",), container.command), (("args",), container.args))
    for part, handler in _handlers(container):
        yield from _spoken(container, ((*part, "exec", "command"), handler.exec.command))
        for index, header in enumerate(handler.http_get.http_headers):
            yield Place(header.name, header.value, container, (*part, "httpGet", "httpHeaders", index, "value"))


def _handlers(container: Container) -> tuple[tuple[tuple[str, ...], LifecycleHandler], ...]:
    """The probes and hooks of a container, each with where it stands."""
    return (
        (("livenessProbe",), container.liveness_probe),
        (("readinessProbe",), container.readiness_probe),
        (("startupProbe",), container.startup_probe),
        (("lifecycle", "postStart"), container.lifecycle.post_start),
        (("lifecycle", "preStop"), container.lifecycle.pre_stop),
    )


def _spoken(container: Container, *lines: tuple[tuple[str, ...], tuple[str, ...]]) -> Iterator[Place]:
    """The words of a command line; one is called what the flag before it is."""
    flag = ""
    for part, words in lines:
        for index, word in enumerate(words):
            yield Place(flag, word, container, (*part, index))
            flag = word if word.startswith("-") and "=" not in word and len(word) < 100 else ""


def at_once(subject: Subject) -> str:
    """Whatever the places say in one text, fast: to see whether there is anything to be looked for place by place."""
    parts: list[str] = []
    described = [subject.metadata]
    if isinstance(subject, Pod):
        described += [subject.workload] if subject.workload else []
        for container in subject.containers:
            parts += [f"{variable.name}={variable.value}" for variable in container.env]
            if container.command or container.args:
                parts.append("=".join(container.command + container.args))  # as a flag and what it is given are written
            for _, handler in _handlers(container):
                if handler.exec.command:
                    parts.append("=".join(handler.exec.command))
                parts += [f"{header.name}={header.value}" for header in handler.http_get.http_headers]
    elif isinstance(subject, ConfigMap):
        parts += [f"{key}={value}" for key, value in subject.data.items()]
        parts += [f"{key}={_text(value)}" for key, value in subject.binary_data.items()]
    for metadata in described:
        parts += [f"{key}={value}" for key, value in metadata.annotations.items() if key != LAST_APPLIED]
        parts += [f"{key}={value}" for key, value in metadata.labels.items()]
    return "\0".join(parts)


def _text(encoded: str) -> str:
    """What base64 says where that is text, else nothing: a program or an archive has no names and no lines.

    Text that is UTF-8 stands in `data`: here is what Windows writes, and whatever else is no UTF-8.
    """
    try:
        data = base64.b64decode(encoded)
    except (binascii.Error, ValueError):
        return ""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    return "" if b"\0" in data else data.decode("utf-8", "replace")


def paths(subject: Subject, place: Place) -> tuple[str, str]:
    """The path of a place as messages have it, in a pod from the pod on, with list items by index and by name."""
    field = named = _rendered(place.field)
    if isinstance(place.node, Metadata):
        field = named = f"metadata.{field}"
    if isinstance(subject, Pod) and isinstance(place.node, Container):
        (part, index), _ = next(placed for placed in subject.spec.placed_containers() if placed[1] is place.node)
        named = f"env[{place.name}].value" if place.field[0] == "env" else field
        return f"spec.{part}[{index}].{field}", f"spec.{part}[{place.node.name}].{named}"
    return field, named


_PLAIN = re2.compile("[A-Za-z_$][A-Za-z0-9_$-]*")


def _rendered(path: tuple[str | int, ...]) -> str:
    text = ""
    for step in path:
        if isinstance(step, str) and _PLAIN.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f"[{step}]"
    return text

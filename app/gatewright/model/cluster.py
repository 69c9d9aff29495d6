"""Objects other than pods, each as far as a policy reads it."""

from typing import Any, TypeVar

import msgspec
from msgspec import field

from gatewright.model.meta import Metadata
from gatewright.model.pod import Raw
from gatewright.model.schema import Node, decode

T = TypeVar("T", bound="Object")


class Object(Node, frozen=True, rename="camel", gc=False):
    """An object of a kind that has a model. As a subject its `metadata.namespace` is the request's."""

    metadata: Metadata = field(default_factory=Metadata)

    @property
    def name(self) -> str:
        """The object's name."""
        return self.metadata.name

    @property
    def namespace(self) -> str | None:
        """The namespace that the object is in; None for cluster-scoped kinds, and where a file names none."""
        return self.metadata.namespace or None


class Namespace(Object, frozen=True, rename="camel", gc=False):
    """A namespace."""

    @property
    def labels(self) -> dict[str, str]:
        """The namespace's labels: what tiers and pod-security levels are given by."""
        return self.metadata.labels


def object_of(model: type[T], data: bytes | msgspec.Raw, namespace: str | None) -> T:
    """An object's JSON as its model, in the namespace that it was sent to or read from: its own word does not count.

    Raises:
        Malformed: it cannot be read as that.
    """
    made = decode(model, data)
    if made.metadata.namespace == (namespace or ""):
        return made
    return msgspec.structs.replace(made, metadata=msgspec.structs.replace(made.metadata, namespace=namespace or ""))


class Identity(Node, frozen=True, rename="camel", gc=False):
    """What every object has, whatever its kind."""

    metadata: Metadata = field(default_factory=Metadata)


class Resource:
    """An object of a kind without a model of its own: its metadata, and `raw` for the rest.

    `node` is what a violation points at; its field is then a path from the object's root. `api_version` and `kind` are
    those that the requester wrote.
    """

    __slots__ = ("_raw", "api_version", "kind", "metadata", "namespace", "node")

    def __init__(self, node: Identity, api_version: str, kind: str, namespace: str | None, raw: Raw) -> None:
        self.node = node
        self.api_version = api_version
        self.kind = kind
        self.metadata = node.metadata
        self.namespace = namespace
        self._raw = raw

    @property
    def raw(self) -> dict[str, Any]:
        """The whole object as plain dicts."""
        return self._raw()


class Connect(Node, frozen=True, gc=False):
    """A CONNECT: exec, attach, portforward or a proxy. It has options in place of an object, and no metadata."""

    resource: str
    subresource: str
    namespace: str | None
    name: str
    options: dict[str, Any]

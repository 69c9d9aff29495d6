"""Objects other than pods, each as far as a policy reads it."""

from typing import Any

from msgspec import field

from gatewright.model.meta import Metadata
from gatewright.model.pod import Raw
from gatewright.model.schema import Node


class Namespace(Node, frozen=True, rename="camel", gc=False):
    """A namespace."""

    metadata: Metadata = field(default_factory=Metadata)

    @property
    def name(self) -> str:
        """The namespace's name."""
        return self.metadata.name

    @property
    def labels(self) -> dict[str, str]:
        """The namespace's labels: what tiers and pod-security levels are given by."""
        return self.metadata.labels


class Identity(Node, frozen=True, rename="camel", gc=False):
    """What every object has, whatever its kind."""

    metadata: Metadata = field(default_factory=Metadata)


class Resource:
    """An object of a kind without a model of its own: its metadata, and `raw` for the rest.

    `node` is what a violation points at; its field is then a path from the object's root.
    """

    __slots__ = ("_raw", "kind", "metadata", "namespace", "node")

    def __init__(self, node: Identity, kind: str, namespace: str | None, raw: Raw) -> None:
        self.node = node
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

"""How much a namespace may use, and who comes first."""

from gatewright.model.cluster import Object


class ResourceQuota(Object, frozen=True, rename="camel", gc=False):
    """A ResourceQuota."""


class LimitRange(Object, frozen=True, rename="camel", gc=False):
    """A LimitRange."""


class PriorityClass(Object, frozen=True, rename="camel", gc=False):
    """A PriorityClass."""

"""How much a namespace may use, and who comes first."""

from gatewright.model.cluster import Object
from gatewright.model.container import Quantities
from gatewright.model.schema import Node, Part


class ResourceQuota(Object, frozen=True, rename="camel", gc=False):
    """A ResourceQuota: that there is one is what is asked."""


class LimitRangeItem(Node, frozen=True, rename="camel", gc=False):
    """The limits of one `type`: Container, Pod or PersistentVolumeClaim."""

    default: Quantities = {}
    default_request: Quantities = {}
    max: Quantities = {}
    min: Quantities = {}
    type: str = ""


class LimitRangeSpec(Part, frozen=True, rename="camel", gc=False):
    """What a LimitRange says."""

    limits: tuple[LimitRangeItem, ...] = ()


class LimitRange(Object, frozen=True, rename="camel", gc=False):
    """A LimitRange."""

    spec: LimitRangeSpec = LimitRangeSpec()


class PriorityClass(Object, frozen=True, rename="camel", gc=False):
    """A PriorityClass: that there is one is what is asked."""

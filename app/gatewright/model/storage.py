"""Volumes that live on their own."""

from gatewright.model.cluster import Object
from gatewright.model.schema import Part
from gatewright.model.volume import HostPathVolumeSource


class LocalVolumeSource(Part, frozen=True, rename="camel", gc=False):
    """A directory or disk of one node."""

    path: str = ""


class PersistentVolumeSpec(Part, frozen=True, rename="camel", gc=False):
    """What a volume is made of, as far as that is a node's."""

    host_path: HostPathVolumeSource | None = None
    local: LocalVolumeSource | None = None


class PersistentVolume(Object, frozen=True, rename="camel", gc=False):
    """A PersistentVolume."""

    spec: PersistentVolumeSpec = PersistentVolumeSpec()

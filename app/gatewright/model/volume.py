"""Volumes, by what they are made of."""

from itertools import compress

import msgspec
from msgspec import field

from gatewright.model.schema import Node, Part, Present


class HostPathVolumeSource(Part, frozen=True, rename="camel", gc=False):
    """A file or directory of the node."""

    path: str = ""
    type: str = ""


class ImageVolumeSource(Part, frozen=True, rename="camel", gc=False):
    """The files of an image."""

    pull_policy: str = ""
    reference: str = ""


class SecretVolumeSource(Part, frozen=True, rename="camel", gc=False):
    """The keys of a Secret as files."""

    secret_name: str = ""


class ClaimVolumeSource(Part, frozen=True, rename="camel", gc=False):
    """A PersistentVolumeClaim."""

    claim_name: str = ""


class TokenProjection(Part, frozen=True, rename="camel", gc=False):
    """A token of the pod's account; an empty audience is the API server's."""

    audience: str = ""


class SecretProjection(Part, frozen=True, rename="camel", gc=False):
    """The keys of a Secret."""

    name: str = ""


class VolumeProjection(Node, frozen=True, rename="camel", gc=False):
    """One source of a projected volume, as far as it is a credential."""

    pod_certificate: Present | None = None
    secret: SecretProjection | None = None
    service_account_token: TokenProjection | None = None


class ProjectedVolumeSource(Part, frozen=True, rename="camel", gc=False):
    """Several sources as the files of one volume."""

    sources: tuple[VolumeProjection, ...] = ()


class Volume(Node, frozen=True, rename="camel", gc=False):
    """A volume: the source that is set is what it is. `sources` names those of `SOURCES` that are."""

    aws_elastic_block_store: Present | None = None
    azure_disk: Present | None = None
    azure_file: Present | None = None
    cephfs: Present | None = None
    cinder: Present | None = None
    config_map: Present | None = None
    csi: Present | None = None
    downward_api: Present | None = field(default=None, name="downwardAPI")
    empty_dir: Present | None = None
    ephemeral: Present | None = None
    fc: Present | None = None
    flex_volume: Present | None = None
    flocker: Present | None = None
    gce_persistent_disk: Present | None = None
    git_repo: Present | None = None
    glusterfs: Present | None = None
    host_path: HostPathVolumeSource | None = None
    image: ImageVolumeSource | None = None
    iscsi: Present | None = None
    nfs: Present | None = None
    persistent_volume_claim: ClaimVolumeSource | None = None
    photon_persistent_disk: Present | None = None
    portworx_volume: Present | None = None
    projected: ProjectedVolumeSource | None = None
    quobyte: Present | None = None
    rbd: Present | None = None
    scale_io: Present | None = field(default=None, name="scaleIO")
    secret: SecretVolumeSource | None = None
    storageos: Present | None = None
    vsphere_volume: Present | None = None
    name: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of the sources that are set, as they stand in the object; empty for one unknown here."""
        return tuple(compress(_SOURCES, msgspec.structs.astuple(self)))  # an instance is true, an absent one None


_SOURCES = Volume.__struct_encode_fields__[:-1]  # `name` is the last field, so that they are the first

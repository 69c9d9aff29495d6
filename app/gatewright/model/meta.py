"""What every object carries: its metadata."""

from gatewright.model.schema import Node, Part


class OwnerReference(Part, frozen=True, rename="camel", gc=False):
    """A claimed owner: it proves nothing, anybody who may create the object can claim one."""

    api_version: str = ""
    kind: str = ""
    name: str = ""
    uid: str = ""
    controller: bool = False


class Metadata(Node, frozen=True, rename="camel", gc=False):
    """ObjectMeta, without what no policy reads (managedFields above all)."""

    name: str = ""
    generate_name: str = ""
    namespace: str = ""
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    owner_references: tuple[OwnerReference, ...] = ()

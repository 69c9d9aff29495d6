"""What programs are configured by."""

from gatewright.model.cluster import Object


class ConfigMap(Object, frozen=True, rename="camel", gc=False):
    """A ConfigMap: `data` is text, `binary_data` is base64."""

    binary_data: dict[str, str] = {}
    data: dict[str, str] = {}
    immutable: bool = False


class Secret(Object, frozen=True, rename="camel", gc=False):
    """A Secret, without its values: no policy reads them, and what is not decoded cannot be told."""

    immutable: bool = False
    type: str = ""

"""What the API server asks: admission.k8s.io/v1's AdmissionReview, as far as it is read."""

import msgspec
from msgspec import Raw, field

CREATE, UPDATE, DELETE, CONNECT = "CREATE", "UPDATE", "DELETE", "CONNECT"
OPERATIONS = (CREATE, UPDATE, DELETE, CONNECT)

NULL = b"null"
_NULL = Raw(NULL)


class Kind(msgspec.Struct, frozen=True, order=True):
    """A GroupVersionKind. The version never decides; `key` is `Kind.group`, or `Kind` in the core group."""

    group: str = ""
    version: str = ""
    kind: str = ""

    @property
    def key(self) -> str:
        """`Deployment.apps`, `Pod`."""
        return f"{self.kind}.{self.group}" if self.group else self.kind

    @property
    def api_version(self) -> str:
        """`apps/v1`, `v1`."""
        return f"{self.group}/{self.version}" if self.group else self.version


class Resource(msgspec.Struct, frozen=True):
    """A GroupVersionResource."""

    group: str = ""
    version: str = ""
    resource: str = ""


class UserInfo(msgspec.Struct, frozen=True):
    """Who asked, as the API server authenticated them."""

    username: str = ""
    uid: str = ""
    groups: tuple[str, ...] = ()


class AdmissionRequest(msgspec.Struct, frozen=True, rename="camel"):
    """One question of the API server.

    `object` and `old_object` stay JSON until their kind is known; each is `null` where the operation has none.
    `namespace` is the one to trust, the object's own is not; empty for cluster-scoped objects.
    """

    uid: str
    kind: Kind = Kind()
    resource: Resource = Resource()
    sub_resource: str = ""
    request_kind: Kind | None = None
    name: str = ""
    namespace: str = ""
    operation: str = ""
    user_info: UserInfo = UserInfo()
    object: Raw = field(default_factory=lambda: Raw(NULL))
    old_object: Raw = field(default_factory=lambda: Raw(NULL))
    dry_run: bool = False


class AdmissionReview(msgspec.Struct, frozen=True, rename="camel"):
    """The envelope."""

    api_version: str
    kind: str
    request: AdmissionRequest


def is_null(raw: Raw) -> bool:
    """Whether a part of a request is absent."""
    return raw == _NULL

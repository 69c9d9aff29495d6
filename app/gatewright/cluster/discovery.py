"""At which version, and under which plural, an API server lists a kind, if it does."""

from typing import NamedTuple

import msgspec

from gatewright.cluster.api import TIMEOUT, Api
from gatewright.engine.world import Unavailable
from gatewright.model.schema import decode


class Served(NamedTuple):
    """Where a kind's objects are: `root` is `/apis/GROUP/VERSION`, or `/api/v1`."""

    root: str
    resource: str
    is_namespaced: bool

    @property
    def api_version(self) -> str:
        """As an object says it: `GROUP/VERSION`, or `v1`."""
        return self.root.removeprefix("/apis/").removeprefix("/api/")

    def path(self, namespace: str | None = None) -> str:
        """Where they are listed: of a namespace, or of all."""
        within = f"/namespaces/{namespace}" if namespace is not None and self.is_namespaced else ""
        return f"{self.root}{within}/{self.resource}"


class _Version(msgspec.Struct, rename="camel"):
    group_version: str = ""


class _Group(msgspec.Struct, rename="camel"):
    name: str = ""
    versions: tuple[_Version, ...] = ()


class _Groups(msgspec.Struct):
    kind: str = ""
    groups: tuple[_Group, ...] = ()


class _Resource(msgspec.Struct):
    name: str = ""
    kind: str = ""
    namespaced: bool = False
    verbs: tuple[str, ...] = ()


class _Resources(msgspec.Struct):
    kind: str = ""
    resources: tuple[_Resource, ...] = ()


def find(api: Api, key: str, timeout: float = TIMEOUT) -> Served | None:
    """Where `Kind.group` is listed, at the first version in the API server's order; None where it is not.

    That it is not must be said by an API server: a proxy that finds nothing says nothing of a cluster.

    Raises:
        Unavailable: the API server does not say.
        Malformed: its answer cannot be read.
    """
    kind, _, group = key.partition(".")
    if not group:
        return _among(api, "/api/v1", kind, timeout)
    groups = decode(_Groups, api.read("/apis", timeout=timeout))
    if groups.kind != "APIGroupList":
        raise Unavailable("GET /apis: the answer is no list of groups")
    roots = (f"/apis/{one.group_version}" for each in groups.groups if each.name == group for one in each.versions)
    return next((served for root in roots if (served := _among(api, root, kind, timeout))), None)


def _among(api: Api, root: str, kind: str, timeout: float) -> Served | None:
    listed = decode(_Resources, api.read(root, timeout=timeout))
    if listed.kind != "APIResourceList":
        raise Unavailable(f"GET {root}: the answer is no list of resources")
    for one in listed.resources:
        if one.kind == kind and "/" not in one.name and "list" in one.verbs:
            return Served(root, one.name, one.namespaced)
    return None

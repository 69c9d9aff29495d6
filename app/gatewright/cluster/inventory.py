"""All that is there: the objects of a live cluster, read once and judged like manifests."""

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from gatewright.cluster.api import MOST_BYTES, Api, NoPath
from gatewright.cluster.discovery import Served, find
from gatewright.cluster.pages import Pager
from gatewright.engine.documents import Document, DocumentError
from gatewright.engine.scan import Scanned
from gatewright.engine.world import Unavailable
from gatewright.model.kinds import CLUSTER_KIND, KINDS, is_namespaced, path_of
from gatewright.model.path import find as at
from gatewright.model.schema import Malformed, decode, plain

SOURCE = "cluster"
"""What stands in a file's place."""

PAGE = 500
"""Objects of a list that are asked for at once."""

PATIENCE = 30.0
"""Seconds that a page may take: nobody waits for this but who asked for it."""

_NOWHERE = Document.empty(SOURCE)


@dataclass(slots=True)
class Inventory:
    """What was read.

    Attributes:
        documents: the objects that are judged.
        others: objects that policies read, and that are not judged.
        unread: why a kind is not known, by the kind; as errors for whoever asked.
    """

    documents: list[Document] = field(default_factory=list)
    others: list[dict[str, Any]] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)

    @property
    def objects(self) -> Iterable[dict[str, Any]]:
        """All of them."""
        yield from (document.value for document in self.documents)
        yield from self.others

    @property
    def errors(self) -> list[DocumentError]:
        """What could not be read, a line each."""
        return [DocumentError(SOURCE, 0, reason) for reason in dict.fromkeys(self.unread.values())]

    def judge(self, item: dict[str, Any]) -> None:
        """Adds an object that is judged. No file has it: what it says stands in line 1."""
        self.documents.append(dataclasses.replace(_NOWHERE, value=item))


class _ListMeta(msgspec.Struct):
    following: str = msgspec.field(default="", name="continue")


class _List(msgspec.Struct):
    kind: str = ""
    metadata: _ListMeta = msgspec.field(default_factory=_ListMeta)
    items: tuple[msgspec.Raw, ...] = ()


def take(
    api: Api, kinds: Iterable[str], judged: Collection[str], stored: Collection[str], namespace: str = ""
) -> Inventory:
    """Reads the objects of some kinds, and changes nothing.

    Args:
        api: the API server.
        kinds: those of `judged` and `stored`, in their order.
        judged: `Kind.group` of what is judged.
        stored: of what policies read; of a namespace alone these are still read in all.
        namespace: whose objects alone are judged, and the Namespace itself; all where empty.
    """
    inventory = Inventory()
    for key in kinds:
        within = namespace if is_namespaced(key) and key not in stored else ""
        is_other = bool(namespace) and not is_namespaced(key) and key != "Namespace" and key not in stored
        try:
            for item in () if is_other else _all(api, key, within):
                if key in judged and (not namespace or _is_of(key, item, namespace)):
                    inventory.judge(item)
                else:
                    inventory.others.append(item)
        except (Unavailable, Malformed) as error:
            inventory.unread[key] = str(error)
    return inventory


def _is_of(key: str, item: dict[str, Any], namespace: str) -> bool:
    """Whether an object is of a namespace, or is that."""
    return bool(at(item, ("metadata", "name" if key == "Namespace" else "namespace")) == namespace)


def _all(api: Api, key: str, namespace: str) -> Iterator[dict[str, Any]]:
    """The objects of a kind, of a namespace or of all; none of a kind that the API server does not have.

    Raises:
        Unavailable: they cannot be read.
        Malformed: the answer cannot be.
    """
    served = _known(key)
    try:
        pages = list(_pages(api, served, namespace)) if served else []
    except NoPath:
        served, pages = None, []
    if served is None:
        served = find(api, key, PATIENCE)
        pages = list(_pages(api, served, namespace)) if served else []
    for page in pages:
        for raw in page.items:
            item = plain(raw)
            if served is None or not isinstance(item, dict):
                raise Unavailable(f"{key}: the answer is no list of objects")
            if isinstance(metadata := item.get("metadata"), dict):
                metadata.pop("managedFields", None)
            yield {"apiVersion": served.api_version, "kind": key.partition(".")[0], **item}


def _known(key: str) -> Served | None:
    """Where a built-in kind is served."""
    if key not in KINDS:
        return None
    root, _, resource = path_of(key).rpartition("/")
    return Served(root, resource, is_namespaced(key))


def _pages(api: Api, served: Served, namespace: str) -> Iterator[_List]:
    path = served.path(namespace or None)
    pager = Pager(api, path, objects=PAGE, size=MOST_BYTES, timeout=PATIENCE)
    page = decode(_List, pager.read())
    while True:
        if not page.kind.endswith("List"):
            raise Unavailable(f"GET {path}: the answer is no list")
        yield page
        if not page.metadata.following:
            return
        page = decode(_List, pager.read(page.metadata.following))


def cluster_of(name: str, version: str, nodes: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The object that stands for a cluster as a whole, of the kind `Cluster`."""
    kind, _, group = CLUSTER_KIND.partition(".")
    told = [
        {"name": at(node, ("metadata", "name")), "kubeletVersion": at(node, ("status", "nodeInfo", "kubeletVersion"))}
        for node in nodes
    ]
    metadata = {"name": name}
    return {"apiVersion": f"{group}/v1", "kind": kind, "metadata": metadata, "version": version, "nodes": told}


def without_repeated(scanned: Collection[Scanned]) -> list[Scanned]:
    """What was judged, but for objects of which their controller's own object says it all.

    Whoever creates an object can claim an owner, so a claim hides nothing that was not found in the owner as well.
    """
    by_uid = {uid: one for one in scanned if (uid := at(one.document.value, ("metadata", "uid")))}
    return [one for one in scanned if not _is_repeated(one, by_uid)]


def _is_repeated(one: Scanned, by_uid: Mapping[Any, Scanned]) -> bool:
    """Whether its owner has all that was found in it, and is told of, or repeated, itself: a circle tells nothing."""
    seen = {id(one)}
    owner = above = by_uid.get(_owner(one))
    while above is not None:
        if id(above) in seen:
            return False
        seen.add(id(above))
        above = by_uid.get(_owner(above))
    return owner is not None and _found(one) <= _found(owner)


def _found(one: Scanned) -> set[tuple[str, str]]:
    return {(finding.policy, finding.message) for finding in one.decision.findings}


def _owner(one: Scanned) -> Any:
    """The uid of the controller that an object names."""
    owners = at(one.document.value, ("metadata", "ownerReferences"))
    named = owners if isinstance(owners, list) else []
    return next((at(owner, ("uid",)) for owner in named if at(owner, ("controller",)) is True), None)

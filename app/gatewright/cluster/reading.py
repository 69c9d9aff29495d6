"""What a look-up asks of an API server, and what is made of the answers: an object, or a list by its pages."""

import re
import time
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import msgspec

from gatewright.cluster.api import MOST_BYTES, TIMEOUT, Absent, Api, TooLarge
from gatewright.engine.decision import Miss
from gatewright.engine.pod_security import MOST_PODS
from gatewright.engine.world import Objects, Unavailable, item_of
from gatewright.model import text
from gatewright.model.kinds import STORED, is_namespaced, path_of
from gatewright.model.schema import decode

X = TypeVar("X")

PAGE = 500
"""Objects of a list that are asked for at once."""

LISTING = 3.0
"""Seconds that a list may take, all of its pages together."""

_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
LABEL = re.compile(_LABEL)
SUBDOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*")
SEGMENT = re.compile(r"(?!\.{1,2}$)[^/%\x00-\x1f]+")
"""What namespaces, roles with their bindings, and other objects are called (RFC 1123 as Kubernetes reads it; roles have
the name of any path's segment). Nothing else becomes a path: a name comes from whoever asks, and `shop/pods` or
`../nodes` would be read in its stead."""

RBAC = ".rbac.authorization.k8s.io"


@dataclass(frozen=True, slots=True)
class Listed(Generic[X]):
    """The objects of a list, so many more than those that were read, and the bytes that are held with them."""

    objects: Objects[X]
    number: int
    left: int
    size: int


class _ListMeta(msgspec.Struct):
    continue_: str = msgspec.field(default="", name="continue")
    remaining: int = msgspec.field(default=0, name="remainingItemCount")


class _Answer(msgspec.Struct):
    """An object or a list, as far as it tells what it is."""

    kind: str = ""
    metadata: _ListMeta = msgspec.field(default_factory=_ListMeta)
    items: tuple[msgspec.Raw, ...] = ()


def read(api: Api, miss: Miss, root: str = "") -> Any:
    """What is missing: a view of an object, None where it does not exist, or a `Listed`.

    Args:
        api: the API server.
        miss: what is missing.
        root: where the kind is served, `/apis/GROUP/VERSION`, if not where it is known to be.

    Raises:
        Unavailable: it cannot be read.
        Malformed: what was read is not of its kind.
    """
    path = _path(miss, root)
    return _object(api, path, miss) if miss.name else _list(api, path, miss)


def _path(miss: Miss, root: str) -> str:
    key = STORED[miss.kind]
    kind = _name(miss)
    namespace = None if miss.namespace is None else _step(miss.namespace, LABEL, 63, "Namespace")
    path = path_of(key, namespace)
    if root:
        path = "/".join((root, *path.split("/")[4:]))  # in place of /apis/GROUP/VERSION
    if miss.name:
        if is_namespaced(key) and miss.namespace is None:
            raise Unavailable(f"a {kind} is asked for without a namespace")
        names = LABEL if kind == "Namespace" else SEGMENT if key.endswith(RBAC) else SUBDOMAIN
        path += f"/{_step(miss.name, names, 63 if names is LABEL else 253, kind)}"
    return path


def _step(name: str, allowed: re.Pattern[str], most: int, kind: str) -> str:
    """A name as a step of a path.

    Raises:
        Unavailable: no object can have it.
    """
    if len(name) > most or not allowed.fullmatch(name):
        raise Unavailable(f"{text.quote(name[:most])} is no name of a {kind}")
    return quote(name, safe="")


def _object(api: Api, path: str, miss: Miss) -> Any:
    try:
        data = api.read(path, timeout=TIMEOUT)
    except Absent:
        return None
    view = item_of(miss.kind, data)
    found = (decode(_Answer, data).kind, view.namespace, view.metadata.name)
    if found != (_name(miss), miss.namespace, miss.name):
        raise Unavailable(f"GET {path}: the answer is another object")
    return view


def _name(miss: Miss) -> str:
    return STORED[miss.kind].partition(".")[0]


def _list(api: Api, path: str, miss: Miss) -> Listed[Any]:
    """A list by its pages, as much of it as may be held: what is left is counted, not read."""
    namespace = miss.namespace
    until = time.monotonic() + LISTING
    views: list[Any] = []
    size = left = 0
    query: dict[str, str | int] = {"limit": PAGE}
    while True:
        try:
            data = api.read(path, timeout=max(until - time.monotonic(), 0.001), most=MOST_BYTES - size, **query)
        except TooLarge:
            if not views:
                raise
            break
        page = decode(_Answer, data)
        made = [item_of(miss.kind, item) for item in page.items]
        is_other = any(namespace is not None and view.namespace != namespace for view in made)
        if page.kind != f"{_name(miss)}List" or is_other:
            raise Unavailable(f"GET {path}: the answer is another list")
        views += made
        size += len(data)
        left = max(page.metadata.remaining, 1) if page.metadata.continue_ else 0
        if not left or len(views) >= MOST_PODS:
            break
        query["continue"] = page.metadata.continue_
    objects = Objects((view.namespace, view.metadata.name, view) for view in views)
    return Listed(objects, len(views), left, size)

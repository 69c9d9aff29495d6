"""Objects, requests, policies and engines for tests: each is a small difference from a minimal valid one."""

import contextlib
import copy
import functools
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
import pytest

from gatewright.engine import catalog as catalogs
from gatewright.engine import config
from gatewright.engine.catalog import Catalog, Entry
from gatewright.engine.config import Configuration, Layer
from gatewright.engine.decision import Mode
from gatewright.engine.engine import Engine
from gatewright.engine.minimal import CONTAINER, put
from gatewright.engine.modes import Modes
from gatewright.engine.world import ClosedWorld, World
from gatewright.model.path import parse
from gatewright.model.pod import TEMPLATES
from gatewright.model.review import CREATE, DELETE, UPDATE, AdmissionRequest, Kind, Resource, UserInfo
from gatewright.policy import Policy, Severity, Violations, policy

Object = dict[str, Any]
Changes = Mapping[str, Any]
NOTHING: Changes = MappingProxyType({})
PRIVILEGED = {"spec.containers[0].securityContext.privileged": True}
PREFIX = "pod-security.kubernetes.io/"


def changed(document: Object, changes: Changes) -> Object:
    """A copy of the document with some paths changed; None removes what is there."""
    document = copy.deepcopy(document)
    for path, value in changes.items():
        put(document, parse(path), value)
    return document


def pod(changes: Changes = NOTHING) -> Object:
    """A Pod of the restricted level in namespace shop, with container app."""
    spec = {"containers": [{"name": "app", **CONTAINER}]}
    minimal = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "shop"}, "spec": spec}
    return changed(minimal, changes)


def workload(kind: str = "Deployment", changes: Changes = NOTHING) -> Object:
    """A workload in namespace shop whose template is the minimal pod; `changes` are those of the template."""
    group = {"Job": "batch", "CronJob": "batch", "ReplicationController": ""}.get(kind, "apps")
    whole: Object = {"apiVersion": f"{group}/v1" if group else "v1", "kind": kind}
    whole["metadata"] = {"name": "web", "namespace": "shop"}
    put(whole, TEMPLATES[f"{kind}.{group}" if group else kind], {"spec": changed(pod(), changes)["spec"]})
    return whole


def namespace(name: str = "shop", **labels: str) -> Object:
    """A Namespace; `enforce_version="v1.20"` stands for the pod-security label."""
    written = {PREFIX + key.replace("_", "-"): value for key, value in labels.items()}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": written}}


def encoded(value: object) -> msgspec.Raw:
    """A value as a part of a request."""
    return msgspec.Raw(value if isinstance(value, bytes) else msgspec.json.encode(value))


def request(
    item: Any,
    old: Any = None,
    *,
    operation: str = "",
    subresource: str = "",
    name: str | None = None,
    within: str | None = None,
    user: str = "",
    groups: tuple[str, ...] = (),
    kind: Kind | None = None,
    uid: str = "7f2c",
) -> AdmissionRequest:
    """The request that creates an object, updates it where there is an old one, or deletes that where it is alone.

    Kind, name and namespace are the object's unless they are said.
    """
    whole = item if isinstance(item, dict) else old if isinstance(old, dict) else pod()
    group, _, version = str(whole.get("apiVersion", "v1")).rpartition("/")
    metadata = whole.get("metadata") or {}
    kind = kind or Kind(group, version, str(whole.get("kind", "")))
    own = metadata.get("name", "") if kind.kind == "Namespace" else metadata.get("namespace", "")
    return AdmissionRequest(
        uid=uid,
        kind=kind,
        resource=Resource(group, version, f"{kind.kind.lower()}s"),
        sub_resource=subresource,
        name=metadata.get("name", "") if name is None else name,
        namespace=own if within is None else within,
        operation=operation or (CREATE if old is None else DELETE if item is None else UPDATE),
        user_info=UserInfo(user, "", groups),
        object=encoded(item),
        old_object=encoded(old),
    )


def built_in() -> Catalog:
    """The built-in policies, loaded once."""
    return _in(catalogs.built_in())


@functools.cache
def _in(folder: Path) -> Catalog:
    return catalogs.load([folder])


@functools.cache
def _loaded(text: str, profile: str | None, catalog: Path) -> Configuration:
    return config.load(text.encode(), "gatewright.yaml", profile, _in(catalog))


def load(text: str = "{}", profile: str | None = None, catalog: Catalog | None = None) -> Configuration:
    """The configuration in a YAML text that errors call gatewright.yaml."""
    if catalog is None:
        return _loaded(text, profile, catalogs.built_in())
    return config.load(text.encode(), "gatewright.yaml", profile, catalog)


def engine(
    text: str = "{}", *policies: Policy, world: World | None = None, objects: Iterable[Object] = (), **options: Any
) -> Engine:
    """An engine of the pod-security policies, and of a test's, under a configuration."""
    configuration = load(text, catalog=extended(*policies) if policies else None)
    only = [*pod_security(), *(one.id for one in policies)]
    return Engine(configuration, world or ClosedWorld(objects), **{"only": only, **options})


def pod_security() -> list[str]:
    """The ids of the pod-security policies."""
    return [id_ for id_, entry in built_in().entries.items() if entry.subject == "pod_security"]


def declared(check: Callable[..., Violations], **options: Any) -> Policy:
    """A policy of medium severity."""
    return policy(**{"severity": Severity.MEDIUM, **options})(check)


def catalog(*policies: Policy) -> Catalog:
    """A catalogue of policies of a test, of subject `tests`, alone."""
    entries = {one.id: Entry(one, "tests", Path(f"{one.check.__name__}.py")) for one in policies}
    return Catalog(dict(sorted(entries.items())), (), built_in().folders)


def extended(*policies: Policy) -> Catalog:
    """The built-in policies, and those of a test."""
    return Catalog(built_in().entries | catalog(*policies).entries, (), built_in().folders)


def engine_of(
    *policies: Policy,
    mode: Mode | Modes = Mode.ENFORCE,
    params: Mapping[str, Object] = NOTHING,
    world: World | None = None,
    objects: Iterable[Object] = (),
    only: Collection[str] = (),
    clock: Callable[[], float] = lambda: 0.0,
) -> Engine:
    """An engine of policies of a test, all under one mode, whatever a namespace's labels say."""
    modes = mode if isinstance(mode, Modes) else Modes.all(mode)
    layer = Layer("test", modes={one.id: modes for one in policies}, params=dict(params), labels="ignore")
    return Engine(
        Configuration(catalog(*policies), "test", (), (layer,)), world or ClosedWorld(objects), only=only, clock=clock
    )


@contextlib.contextmanager
def raises(kind: type[Exception], message: str) -> Iterator[None]:
    """What stands below raises just that, with the whole message."""
    with pytest.raises(kind) as caught:
        yield
    assert str(caught.value) == message


def found(engine: Engine, review: AdmissionRequest, deadline: float = math.inf) -> list[tuple[str, str, str]]:
    """What is found, as `(mode, policy, message)`, in the Decision's order."""
    return [(str(one.mode), one.policy, one.message) for one in engine.judge(review, deadline).findings]

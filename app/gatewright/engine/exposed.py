"""Every dangerous permission of a world, at the binding that gives it or at the role that nobody has yet."""

import dataclasses
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec
from msgspec import structs

from gatewright.engine import granting
from gatewright.engine.catalog import Catalog
from gatewright.engine.config import Configuration, Layer
from gatewright.engine.decision import Finding, Mode
from gatewright.engine.documents import Document
from gatewright.engine.engine import Engine
from gatewright.engine.modes import Modes
from gatewright.engine.scan import Scanned, creation_of
from gatewright.engine.world import World
from gatewright.model.kinds import key_of
from gatewright.model.path import find
from gatewright.model.rbac import ClusterRole, Role, RoleBinding
from gatewright.model.rbac_permissions import Permissions
from gatewright.model.rbac_subjects import EVERYWHERE, AnyBinding, AnyRole
from gatewright.model.review import UPDATE, AdmissionRequest
from gatewright.model.version import NEWEST, KubernetesVersion
from gatewright.policy import Grants, Policy

SUBJECT = "rbac"
"""The folder of the policies that judge permissions."""

DEFAULT = "default"
"""The namespace of a kubectl that was told of no other."""

Place = tuple[type[AnyRole | AnyBinding], str, str]
"""Kind, namespace (EVERYWHERE where there is none) and name."""


def risky(catalog: Catalog) -> list[Policy]:
    """The policies on permissions."""
    return [entry.policy for entry in catalog.entries.values() if entry.subject == SUBJECT]


class Engines(NamedTuple):
    """Engines that run the policies on permissions and deny nothing.

    Attributes:
        all: runs all of them.
        besides: those that judge something else than rules: of a role whose rules are told elsewhere.
    """

    all: Engine
    besides: Engine


def engines_of(catalog: Catalog, world: World, latest: KubernetesVersion = NEWEST) -> Engines:
    """The engines, for that version."""

    def engine(ids: list[str]) -> Engine:
        layer = Layer("risks", modes={id_: Modes.all(Mode.AUDIT) for id_ in ids})  # all others are off
        return Engine(Configuration(catalog, "risks", (), (layer,), latest=latest), world, only=ids)

    policies = risky(catalog)
    besides = [policy.id for policy in policies if Grants not in policy.subjects]
    return Engines(engine([policy.id for policy in policies]), engine(besides))


def exposed(
    documents: Iterable[Document], engines: Engines, permissions: Permissions
) -> Iterator[tuple[Scanned, Finding]]:
    """The findings in bindings, and in roles that nobody is bound to, object by object: of the rules of a role that is
    bound, its bindings tell."""
    for document in documents:
        if place := _place(document):
            is_told = bool(_bindings(place, permissions))
            yield from _judged(document, creation_of(document, document.value), engines, is_told=is_told)


def arisen(
    documents: Iterable[Document], before: Iterable[Document], engines: Engines, permissions: Permissions
) -> Iterator[tuple[Scanned, Finding]]:
    """The findings that a change brings: in what is new, and in what is changed as far as that gives more. A role tells
    them to whoever has had it before, a binding to whoever is new."""
    known = {place: document for document in before if (place := _place(document))}
    for document in documents:
        place = _place(document)
        bindings = _bindings(place, permissions) if place else []
        if place is None:
            continue
        is_told = bool(bindings) and not any(_place_of(one) in known for one in bindings)
        request = creation_of(document, document.value)
        old = known.get(place)
        if old and find(old.value, ("roleRef",)) == find(document.value, ("roleRef",)):
            request = structs.replace(request, operation=UPDATE, old_object=msgspec.Raw(msgspec.json.encode(old.value)))
        yield from _judged(document, request, engines, is_told=is_told)


def _judged(
    document: Document, request: AdmissionRequest, engines: Engines, *, is_told: bool
) -> Iterator[tuple[Scanned, Finding]]:
    """The findings in an object; without those in rules, where they are told elsewhere."""
    decision = (engines.besides if is_told else engines.all).judge(request)
    scanned = Scanned(document, request, decision, (None,) * len(decision.findings))
    yield from ((scanned, one) for one in decision.findings)


def placed(documents: Iterable[Document]) -> Iterator[Document]:
    """The documents, with what says no namespace in the one that `kubectl apply` puts it into."""
    for document in documents:
        place = _place(document)
        if place and place[0] in {Role, RoleBinding} and place[1] == EVERYWHERE:
            metadata = document.value["metadata"] if isinstance(document.value.get("metadata"), dict) else {}
            value = document.value | {"metadata": metadata | {"namespace": DEFAULT}}
            yield dataclasses.replace(document, value=value)
        else:
            yield document


def _place(document: Document) -> Place | None:
    """The kind, namespace and name of a role or a binding; None for everything else."""
    kind = granting.KINDS.get(key_of(find(document.value, ("apiVersion",)), find(document.value, ("kind",))))
    name, namespace = (find(document.value, ("metadata", key)) for key in ("name", "namespace"))
    if kind is None:
        return None
    is_namespaced = kind in {Role, RoleBinding} and isinstance(namespace, str)
    return kind, namespace if is_namespaced else EVERYWHERE, name if isinstance(name, str) else ""


def _place_of(item: AnyBinding) -> Place:
    return type(item), item.namespace or EVERYWHERE, item.name


def _bindings(place: Place, permissions: Permissions) -> list[AnyBinding]:
    """The bindings that give a role to somebody; none give one that cannot be read."""
    kind, namespace, name = place
    if kind not in {Role, ClusterRole} or permissions.role(namespace, name) is None:
        return []
    return [one for one in permissions.bindings_to(namespace, name) if one.subjects]

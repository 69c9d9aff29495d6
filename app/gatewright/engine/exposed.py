"""Every dangerous permission of a world, at the binding that gives it or at the role that nobody has yet."""

from collections.abc import Iterable, Iterator

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
from gatewright.model.rbac import ClusterRole, Role
from gatewright.model.rbac_permissions import Permissions
from gatewright.model.rbac_subjects import EVERYWHERE

SUBJECT = "rbac"
"""The folder of the policies that judge permissions."""


def engine_of(catalog: Catalog, world: World) -> Engine:
    """An engine that runs the policies on permissions, all of them, and denies nothing."""
    ids = [id_ for id_, entry in catalog.entries.items() if entry.subject == SUBJECT]
    layer = Layer("risks", modes={id_: Modes.all(Mode.AUDIT) for id_ in ids})
    return Engine(Configuration(catalog, "risks", (), (layer,)), world, only=ids)


def exposed(
    documents: Iterable[Document], engine: Engine, permissions: Permissions
) -> Iterator[tuple[Scanned, Finding]]:
    """The findings in bindings, and in roles that nobody is bound to, object by object: of a role that is bound, its
    bindings tell."""
    for document in documents:
        if not _is_told(document, permissions):
            continue
        request = creation_of(document, document.value)
        decision = engine.judge(request)
        scanned = Scanned(document, request, decision, (None,) * len(decision.findings))
        yield from ((scanned, finding) for finding in decision.findings)


def _is_told(document: Document, permissions: Permissions) -> bool:
    kind = key_of(find(document.value, ("apiVersion",)), find(document.value, ("kind",)))
    name, namespace = (find(document.value, ("metadata", key)) for key in ("name", "namespace"))
    if granting.KINDS.get(kind) not in {Role, ClusterRole} or not isinstance(name, str):
        return kind in granting.KINDS
    within = namespace if granting.KINDS[kind] is Role and isinstance(namespace, str) else EVERYWHERE
    return not permissions.bindings_to(within, name)

"""What a role or a binding newly gives: its own rules, or those of the role that it names, to whoever has them."""

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import structs

from gatewright.engine.views import Views
from gatewright.model import baseline
from gatewright.model.rbac import ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, Subject
from gatewright.model.rbac_permissions import Permissions
from gatewright.model.rbac_rules import covers
from gatewright.model.rbac_subjects import (
    EVERYWHERE,
    AnyBinding,
    AnyRole,
    Grant,
    account,
    holder,
    is_broad,
    place_of_role,
    rules_for,
)
from gatewright.model.review import UserInfo
from gatewright.model.schema import Malformed
from gatewright.model.text import quote
from gatewright.policy.grants import Given, Grants, Holder

KINDS: dict[str, type[AnyRole | AnyBinding]] = {
    f"{kind.__name__}.rbac.authorization.k8s.io": kind for kind in (Role, ClusterRole, RoleBinding, ClusterRoleBinding)
}
"""The kinds that give something."""

ORDINARY = frozenset({"admin", "edit", "view"})
"""The roles that Kubernetes makes for the users of a namespace."""

Find = Callable[[type, str | None, str], Any]
"""Looks an object up by its kind, namespace and name; None where it does not exist."""


def granted(kind: str, new: Views, old: Views | None, permissions: Permissions, find: Find) -> Grants:
    """What an object gives that the old one did not.

    Raises:
        Malformed: it cannot be read.
        Unavailable: what it names is not known.
    """
    item = new.get(KINDS[kind])
    before = _readable(old, KINDS[kind])
    if isinstance(item, Role | ClusterRole):
        return _of_role(item, before, permissions)
    return _of_binding(item, before, permissions, find)


def _readable(views: Views | None, kind: type) -> Any:
    """The old object; None where there is none that can be read, and so nothing that it gave."""
    try:
        return views.get(kind) if views else None
    except Malformed:
        return None


def _of_role(item: AnyRole, before: AnyRole | None, permissions: Permissions) -> Grants:
    place = (EVERYWHERE if isinstance(item, ClusterRole) else item.namespace or "", item.name)
    bindings = [one for role in (place, *_joined(item, permissions)) for one in permissions.bindings_to(*role)]
    extra = set(map(id, baseline.extra_rules(item)))  # a rule may say the same as another: they are not compared
    own = [given for given in _own(item) if id(given.rule) in extra]
    rules = () if baseline.is_kubeadm(item) else _new(own, before.rules if before else ())
    lent = _lent(item, before, permissions)
    rules += lent
    mine = frozenset(item.rules)

    def is_own(grant: Grant) -> bool:
        return grant.rule in mine or (type(grant.role), grant.role.namespace, grant.role.name) == (
            type(item), item.namespace, item.name,
        )  # fmt: skip

    holders = tuple(one for binding in bindings for one in _holders(binding, binding.subjects, permissions, is_own))
    role = structs.replace(item, rules=(*item.rules, *(given.rule for given in lent))) if lent else item
    return Grants(
        item, role, rules, _places(item, bindings), holders,
        before=before.rules if before else (), is_exposed=bool(holders),
    )  # fmt: skip


def _lent(item: AnyRole, before: AnyRole | None, permissions: Permissions) -> tuple[Given, ...]:
    """What a new or a changed aggregationRule newly gives, whatever its role is submitted with.

    What the same one comes to is judged at the roles that it selects.
    """
    if not isinstance(item, ClusterRole) or item.aggregation_rule is None or baseline.is_bootstrap(item):
        return ()
    old = before if isinstance(before, ClusterRole) else None
    if old and old.aggregation_rule == item.aggregation_rule:
        return ()
    whole = structs.replace(item, rules=permissions.comes_to(item))
    said = f"the aggregationRule of ClusterRole {quote(item.name)}"
    given = [
        Given(rule, item.aggregation_rule, ("clusterRoleSelectors",), said)
        for rule in baseline.extra_rules(whole)
        if rule not in item.rules
    ]
    return _new(given, permissions.comes_to(old) if old else ())


def _places(item: AnyRole, bindings: Iterable[AnyBinding]) -> tuple[str, ...]:
    """The namespaces in which a role holds; none where it holds everywhere, or could."""
    if isinstance(item, Role):
        return (item.namespace or "default",)
    namespaces = [_namespace(one) for one in bindings]
    return () if None in namespaces else tuple(dict.fromkeys(one for one in namespaces if one is not None))


def _joined(item: AnyRole, permissions: Permissions) -> Iterator[tuple[str, str]]:
    """The aggregated ClusterRoles that a ClusterRole lends its rules to."""
    if isinstance(item, ClusterRole):
        yield from ((EVERYWHERE, name) for name in permissions.joined(item.name, item.metadata.labels))


def _own(item: AnyRole) -> Iterator[Given]:
    kind = type(item).__name__
    for index, rule in enumerate(item.rules):
        yield Given(rule, rule, (), f"rules[{index}] of {kind} {quote(item.name)}")


def _new(given: list[Given], before: Iterable[PolicyRule]) -> tuple[Given, ...]:
    """What rules give that others did not: a rule whole, or those of its parts that are new."""
    before = tuple(before)
    if not before:
        return tuple(given)
    new: list[Given] = []
    for one in given:
        covered, parts = covers(before, [one.rule])
        if not covered:
            new += [one._replace(rule=part) for part in parts]
    return tuple(new)


def _of_binding(item: AnyBinding, before: AnyBinding | None, permissions: Permissions, find: Find) -> Grants:
    namespace = _namespace(item)
    role = _role(item, permissions, find)
    subjects = _new_subjects(item, before)
    if baseline.is_kubeadm(item) and role and (baseline.is_kubeadm(role) or baseline.is_bootstrap(role)):
        subjects = []

    def is_own(grant: Grant) -> bool:
        return (grant.binding.namespace, grant.binding.name) == (item.namespace, item.name)

    holders = tuple(_holders(item, subjects, permissions, is_own))
    is_usual = isinstance(role, ClusterRole) and role.name in ORDINARY and not any(map(is_broad, subjects))
    added = frozenset(baseline.extra_rules(role)) if role and is_usual and namespace is not None else None
    rules = tuple(_through(item, role)) if role and holders else ()
    usual: tuple[Given, ...] = ()
    if added is not None:  # what somebody has aggregated into such a role is no namespace's usual right
        usual = tuple(one for one in rules if one.rule not in added)
        rules = tuple(one for one in rules if one.rule in added)
    return Grants(item, role, rules, () if namespace is None else (namespace,), holders, usual=usual)


def _new_subjects(item: AnyBinding, before: AnyBinding | None) -> list[Subject]:
    known = {_who(one, before) for one in before.subjects} if before else set()
    return [one for one in baseline.extra_subjects(item) if _who(one, item) not in known]


def _who(subject: Subject, binding: AnyBinding) -> tuple[str, ...]:
    """Whom a subject means, however it is written."""
    found = account(subject, binding.namespace or EVERYWHERE)
    return ("ServiceAccount", *found) if found else (subject.kind, subject.name)


def _role(item: AnyBinding, permissions: Permissions, find: Find) -> AnyRole | None:
    """The role that a binding names, as of now; what an aggregated one comes to."""
    place = place_of_role(item, item.namespace or EVERYWHERE)
    if place is None:
        return None
    namespace, name = place
    found: AnyRole | None = find(Role, namespace, name) if namespace else find(ClusterRole, None, name)
    if isinstance(found, ClusterRole) and found.aggregation_rule is not None:
        return permissions.role(EVERYWHERE, name) or found
    return found


def _through(item: AnyBinding, role: AnyRole) -> Iterator[Given]:
    for given in _own(role):
        yield given._replace(node=item.role_ref, field=("name",))


def _namespace(item: AnyBinding) -> str | None:
    return None if isinstance(item, ClusterRoleBinding) else item.namespace or EVERYWHERE


def _holders(
    binding: AnyBinding, subjects: Iterable[Subject], permissions: Permissions, is_own: Callable[[Grant], bool]
) -> Iterator[Holder]:
    """Who has what a binding gives, each with all that they have besides what is its own."""
    within = binding.namespace or EVERYWHERE if isinstance(binding, RoleBinding) else EVERYWHERE
    for subject in subjects:
        who = holder(subject, within)
        if who is None:
            continue
        owner = account(subject, within)
        name = f"ServiceAccount {owner[0]}/{owner[1]}" if owner else f"{subject.kind} {quote(subject.name)}"

        @functools.cache
        def held(who: UserInfo = who) -> list[PolicyRule]:
            return [grant.rule for grant in rules_for(who, within, permissions) if not is_own(grant)]

        yield Holder(name, held, subject, within)
        for namespace in permissions.namespaces(who) if within == EVERYWHERE else ():

            @functools.cache
            def held_there(who: UserInfo = who, namespace: str = namespace) -> list[PolicyRule]:
                return [grant.rule for grant in rules_for(who, namespace, permissions) if not is_own(grant)]

            yield Holder(name, held_there, subject, within, namespace)

"""All the roles and bindings of a cluster, by whom they are for."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from operator import itemgetter
from typing import Any, TypeVar, cast

from msgspec import structs

from gatewright.model.rbac import ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, Subject
from gatewright.model.rbac_aggregation import aggregated, lends
from gatewright.model.rbac_rules import Request, grants
from gatewright.model.rbac_subjects import (
    EVERYWHERE,
    AnyBinding,
    AnyRole,
    Grant,
    Place,
    account,
    place_of_role,
    rules_for,
    user_name,
)
from gatewright.model.review import UserInfo

T = TypeVar("T")

MOST_KEPT = 10_000
"""Answers that are kept at once: whoever asks may choose whom they ask about."""


class Permissions:
    """A `View` of roles and bindings that are all in memory, kept up to date one object at a time; not thread-safe.

    A RoleBinding or a Role without a namespace, which no cluster has, gives nothing to anybody.
    """

    def __init__(self, objects: Iterable[AnyRole | AnyBinding] = ()) -> None:
        self._roles: dict[Place, AnyRole] = {}
        self._aggregated: dict[str, ClusterRole] | None = None  # not known before it is asked for
        self._bindings: dict[Place, AnyBinding] = {}
        self._bound: dict[Place, dict[Place, AnyBinding]] = {}  # by the place of the role
        self._held: dict[str, dict[str, dict[str, AnyBinding]]] = {}  # by holder, namespace and name
        self._accounts: dict[str, dict[str, dict[Place, AnyBinding]]] = {}  # by the account's namespace and name
        self._kept: dict[Hashable, Any] = {}
        for new in objects:
            self.replace(type(new), new.namespace, new.name, new)

    def replace(
        self, kind: type[AnyRole | AnyBinding], namespace: str | None, name: str, new: AnyRole | AnyBinding | None
    ) -> None:
        """The object of that kind, namespace and name is now `new`, or is no more."""
        namespaced = kind in {Role, RoleBinding}
        if namespaced and not namespace:
            return
        place = (namespace or EVERYWHERE) if namespaced else EVERYWHERE, name
        self._kept.clear()
        if kind in {RoleBinding, ClusterRoleBinding}:
            self._unbind(place)
            if isinstance(new, AnyBinding):
                self._bind(place, new)
            return
        self._roles.pop(place, None)
        if isinstance(new, AnyRole):
            self._roles[place] = new
        if kind is ClusterRole:
            self._aggregated = None

    def _bind(self, place: Place, binding: AnyBinding) -> None:
        namespace, name = place
        self._bindings[place] = binding
        if role := place_of_role(binding, namespace):
            self._bound.setdefault(role, {})[place] = binding
        for holder in _holders(binding, namespace):
            self._held.setdefault(holder, {}).setdefault(namespace, {})[name] = binding
        for owner, of in _accounts(binding, namespace):
            self._accounts.setdefault(owner, {}).setdefault(of, {})[place] = binding

    def _unbind(self, place: Place) -> None:
        if (binding := self._bindings.pop(place, None)) is None:
            return
        if role := place_of_role(binding, place[0]):
            _prune(self._bound, role, place)
        for holder in _holders(binding, place[0]):
            _prune(self._held, holder, *place)
        for owner, of in _accounts(binding, place[0]):
            _prune(self._accounts, owner, of, place)

    def kept(self, about: Hashable, find: Callable[[], T]) -> T:
        """What `find` gives for what it is about; it is not asked again before a role or a binding changes."""
        if about not in self._kept:
            found = find()
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[about] = found
        return cast(T, self._kept[about])

    def role(self, namespace: str, name: str) -> AnyRole | None:
        """The Role of a namespace or, EVERYWHERE, the ClusterRole; aggregated ones with what they come to."""
        if namespace == EVERYWHERE and (aggregation := self._aggregations().get(name)):
            return aggregation
        return self._roles.get((namespace, name))

    def _aggregations(self) -> dict[str, ClusterRole]:
        if self._aggregated is None:
            roles = {role.name: role for role in self._roles.values() if isinstance(role, ClusterRole)}
            found = aggregated(roles.values())
            self._aggregated = {name: structs.replace(roles[name], rules=rules) for name, rules in found.items()}
        return self._aggregated

    def comes_to(self, role: ClusterRole) -> tuple[PolicyRule, ...]:
        """The rules that a ClusterRole comes to among the others, in the place of the one of its name."""
        roles = {one.name: one for one in self._roles.values() if isinstance(one, ClusterRole)}
        return aggregated((roles | {role.name: role}).values()).get(role.name, role.rules)

    def bindings(self, who: UserInfo, namespace: str) -> list[AnyBinding]:
        """The RoleBindings of a namespace or, EVERYWHERE, the ClusterRoleBindings that are for them, by name."""
        found: dict[str, AnyBinding] = {}
        for held in self._held_by(who):
            found |= held.get(namespace, {})
        return [found[name] for name in sorted(found)]

    def namespaces(self, who: UserInfo) -> list[str]:
        """Where there is a RoleBinding that is for them."""
        return sorted({namespace for held in self._held_by(who) for namespace in held} - {EVERYWHERE})

    def _held_by(self, who: UserInfo) -> Iterator[dict[str, dict[str, AnyBinding]]]:
        for holder in (_user(who.username), *map(_group, who.groups)):
            if holder in self._held:
                yield self._held[holder]

    def bindings_to(self, namespace: str, name: str) -> list[AnyBinding]:
        """The bindings that give a Role or, EVERYWHERE, a ClusterRole, whether there is one or not."""
        return [binding for _, binding in sorted(self._bound.get((namespace, name), {}).items(), key=itemgetter(0))]

    def all_bindings(self) -> list[tuple[str, AnyBinding]]:
        """Every binding with its namespace, EVERYWHERE for a ClusterRoleBinding; by that and by name."""
        return [(place[0], binding) for place, binding in sorted(self._bindings.items(), key=itemgetter(0))]

    def joined(self, name: str, labels: dict[str, str]) -> list[str]:
        """The ClusterRoles whose aggregationRule selects a ClusterRole of such labels, and those that select them."""
        found: dict[str, None] = {}
        waiting = [(name, labels)]
        while waiting:
            name, labels = waiting.pop()
            for role in self.kept("aggregating", self._aggregating):
                if role.name != name and role.name not in found and lends(role, labels):
                    found[role.name] = None
                    waiting.append((role.name, role.metadata.labels))
        return sorted(found)

    def _aggregating(self) -> list[ClusterRole]:
        roles = self._roles.values()
        return [one for one in roles if isinstance(one, ClusterRole) and one.aggregation_rule is not None]

    def namesakes(self, name: str) -> list[str]:
        """The namespaces of which some binding names a ServiceAccount of that name."""
        return sorted(owner for owner, accounts in self._accounts.items() if name in accounts)

    def accounts(self, namespace: str) -> list[str]:
        """The ServiceAccounts of a namespace that some binding names."""
        return sorted(self._accounts.get(namespace, ()))

    def can(self, who: UserInfo, request: Request) -> Grant | None:
        """What lets them make the request, None where nothing does; what holds everywhere is told first."""
        return next((given for given in rules_for(who, _where(request), self) if grants(given.rule, request)), None)

    def who_can(self, request: Request) -> list[Grant]:
        """Every subject that may make the request, once for each binding by which it may, those of everywhere first."""
        places, found = {EVERYWHERE, _where(request)}, []
        for (namespace, name), bindings in self._bound.items():
            role = self.role(namespace, name) if namespace in places else None
            rule = role and next((rule for rule in role.rules if grants(rule, request)), None)
            if role and rule:
                found += [
                    (place, Grant(rule, binding, role, subject))
                    for place, binding in bindings.items()
                    if place[0] in places
                    for subject in binding.subjects
                    if _holder(subject, place[0])
                ]
        return [given for _, given in sorted(found, key=itemgetter(0))]


def _where(request: Request) -> str:
    """The namespace whose RoleBindings count."""
    return EVERYWHERE if request.path is not None else request.namespace


def _holders(binding: AnyBinding, namespace: str) -> set[str]:
    return {holder for subject in binding.subjects if (holder := _holder(subject, namespace))}


def _holder(subject: Subject, namespace: str) -> str | None:
    if subject.kind == "Group":
        return _group(subject.name)
    name = user_name(subject, namespace)
    return None if name is None else _user(name)


def _accounts(binding: AnyBinding, namespace: str) -> set[tuple[str, str]]:
    return {found for subject in binding.subjects if (found := account(subject, namespace))}


def _user(name: str) -> str:
    return f"user {name}"


def _group(name: str) -> str:
    return f"group {name}"


def _prune(tree: dict[Any, Any], first: object, *rest: object) -> None:
    """Removes what is at the end of a path of keys, and what is left empty by it."""
    if rest:
        _prune(tree[first], *rest)
    if not rest or not tree[first]:
        del tree[first]

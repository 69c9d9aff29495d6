"""Who may do what, as a policy may ask: the effective permissions of a cluster."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from gatewright.model import baseline
from gatewright.model.rbac import ClusterRole, ClusterRoleBinding, PolicyRule
from gatewright.model.rbac_permissions import Permissions
from gatewright.model.rbac_subjects import EVERYWHERE, AnyRole, Grant, rules_for, rules_of, service_account
from gatewright.model.review import UserInfo
from gatewright.policy.grants import where
from gatewright.policy.need import Hit
from gatewright.policy.risk import Found, Risk, is_narrowed, made_up
from gatewright.policy.severity import Severity

T = TypeVar("T")


class Exposure(NamedTuple):
    """A risk that somebody holds.

    Attributes:
        id: of the row of the catalogue; `risk` is the form of it.
        grant: the rule by which, and how they come to have it.
        namespace: where; None for everywhere.
    """

    id: str
    risk: Risk
    severity: Severity
    hits: tuple[Hit, ...]
    grant: Grant
    namespace: str | None

    @property
    def lets(self) -> str:
        """What it lets them do, and where."""
        return self.risk.says(self.hits, where(() if self.namespace is None else (self.namespace,)))


class Strongest(NamedTuple):
    """The ServiceAccount of a namespace that can do the worst everywhere, and that."""

    name: str
    exposure: Exposure


class Reach(NamedTuple):
    """The worst that somebody can come to: what they hold, or what an account can do as whom they can run code."""

    exposure: Exposure
    through: Strongest | None

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.through.exposure.severity if self.through else self.exposure.severity


class Access:
    """Asks all the roles and bindings of a cluster. What it answers is kept until one of them changes: give it the same
    catalogue of risks each time, and not an equal one."""

    __slots__ = ("permissions",)

    def __init__(self, permissions: Permissions) -> None:
        self.permissions = permissions

    def rules(self, who: UserInfo, namespace: str | None) -> Iterator[Grant]:
        """All the rules that they have in a namespace, those of everywhere first; None is everywhere alone."""
        return rules_for(who, namespace or EVERYWHERE, self.permissions)

    def exposures(self, who: UserInfo, risks: Mapping[str, Risk]) -> tuple[Exposure, ...]:
        """Every risk that they hold, everywhere or in a namespace; in a namespace only what is worse there."""
        return self._kept(("exposures", who), risks, lambda: tuple(self._exposures(who, risks)))

    def _exposures(self, who: UserInfo, risks: Mapping[str, Risk]) -> Iterator[Exposure]:
        everywhere = tuple(self.rules(who, None))
        told = {found.id: found for found in self._held(everywhere, None, risks)}
        yield from told.values()
        for namespace in self.permissions.namespaces(who):
            held = (*everywhere, *rules_of(who, namespace, self.permissions))
            for found in self._held(held, namespace, risks):
                if found.id not in told or found.severity > told[found.id].severity:
                    yield found

    def worst(self, who: UserInfo, risks: Mapping[str, Risk]) -> Exposure | None:
        """The worst of the risks that they hold; the first of equals."""
        return _worst(self.exposures(who, risks))

    def reach(self, who: UserInfo, risks: Mapping[str, Risk], running: Collection[str]) -> Reach | None:
        """The worst that they can come to in one step, and what they hold by which.

        `running` are the risks by which somebody runs code in a namespace, or becomes an account of it: they can do
        what its strongest one can, unless resourceNames say as whom.
        """
        return self._kept(("reach", who, frozenset(running)), risks, lambda: self._reach(who, risks, running))

    def _reach(self, who: UserInfo, risks: Mapping[str, Risk], running: Collection[str]) -> Reach | None:
        reached = [Reach(found, None) for found in self.exposures(who, risks)]
        for found in self.exposures(who, risks):
            if found.namespace is not None and found.id in running and not is_narrowed(found.hits):
                strongest = self.strongest(found.namespace, risks)
                reached += [Reach(found, strongest)] if strongest else []
        return max(reached, key=lambda one: one.severity, default=None)

    def accounts(self, namespace: str) -> Iterable[str]:
        """The ServiceAccounts of a namespace that a binding names."""
        return self.permissions.accounts(namespace)

    def namesakes(self, name: str) -> Iterable[str]:
        """The namespaces of which a binding names a ServiceAccount of that name."""
        return self.permissions.namesakes(name)

    def role(self, namespace: str | None, name: str) -> AnyRole | None:
        """The Role of a namespace or the ClusterRole; an aggregated one with what it comes to."""
        return self.permissions.role(namespace or EVERYWHERE, name)

    def joined(self, role: ClusterRole) -> Iterable[str]:
        """The ClusterRoles that a role lends its rules to, by its labels; none for what every cluster has."""
        return () if baseline.is_bootstrap(role) else self.permissions.joined(role.name, role.metadata.labels)

    def added(self, role: AnyRole) -> tuple[PolicyRule, ...]:
        """Its rules, but for those that Kubernetes itself gives a role of its name."""
        return baseline.extra_rules(role)

    def bound_in(self, name: str) -> tuple[str, ...] | None:
        """The namespaces in which bindings give the ClusterRole of that name; None for everywhere."""
        bindings = self.permissions.bindings_to(EVERYWHERE, name)
        if any(isinstance(one, ClusterRoleBinding) for one in bindings):
            return None
        return tuple(dict.fromkeys(one.namespace or EVERYWHERE for one in bindings))

    def strongest(self, namespace: str, risks: Mapping[str, Risk]) -> Strongest | None:
        """The ServiceAccount of a namespace that can do the worst everywhere, with that; None where none can."""
        return self._kept(("strongest", namespace), risks, lambda: self._strongest(namespace, risks))

    def _strongest(self, namespace: str, risks: Mapping[str, Risk]) -> Strongest | None:
        found = [
            Strongest(name, exposure)
            for name in self.accounts(namespace)
            if (exposure := self._worst_everywhere(service_account(namespace, name), risks))
        ]
        return max(found, key=lambda one: one.exposure.severity, default=None)

    def _worst_everywhere(self, who: UserInfo, risks: Mapping[str, Risk]) -> Exposure | None:
        return _worst(self._held(tuple(self.rules(who, None)), None, risks))

    def _held(self, held: tuple[Grant, ...], namespace: str | None, risks: Mapping[str, Risk]) -> Iterator[Exposure]:
        """The worst way to each risk that rules make up."""
        rules = tuple(grant.rule for grant in held)
        for id_, found in self._found(rules, namespace, risks):
            grant = next(grant for grant in held if grant.rule == found.hits[0].rule)
            yield Exposure(id_, found.risk, found.severity, found.hits, grant, namespace)

    def _found(
        self, rules: tuple[PolicyRule, ...], namespace: str | None, risks: Mapping[str, Risk]
    ) -> tuple[tuple[str, Found], ...]:
        """What rules make up: the same in most namespaces, and for most accounts."""
        special = self._kept("special", risks, lambda: _special(risks))
        where = namespace if namespace is None or namespace in special else ""
        namespaces = () if where is None else (where,)
        return self._kept(
            ("found", rules, where),
            risks,
            lambda: tuple(made_up(rules, risks, everywhere=where is None, namespaces=namespaces)),
        )

    def _kept(self, about: object, risks: Mapping[str, Risk], find: Callable[[], T]) -> T:
        """What is kept is kept with its risks: as long as they are, no others are at their address."""
        return self.permissions.kept((about, id(risks)), lambda: (risks, find()))[1]


def _worst(exposures: Iterable[Exposure]) -> Exposure | None:
    return max(exposures, key=lambda found: found.severity, default=None)


def _special(risks: Mapping[str, Risk]) -> frozenset[str]:
    """The namespaces in which there are risks that others do not have."""
    return frozenset(name for risk in risks.values() for form in risk.all_forms for name in form.only_in)

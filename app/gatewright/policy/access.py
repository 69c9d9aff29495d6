"""Who may do what, as a policy may ask: the effective permissions of a cluster."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from gatewright.model.rbac_permissions import Permissions
from gatewright.model.rbac_subjects import EVERYWHERE, Grant, rules_for, service_account
from gatewright.model.review import UserInfo
from gatewright.policy.risk import Hit, Risk
from gatewright.policy.severity import Severity


class Exposure(NamedTuple):
    """A risk that somebody holds: `grant` is the rule by which, `namespace` where, None for everywhere."""

    risk: Risk
    severity: Severity
    hits: tuple[Hit, ...]
    grant: Grant
    namespace: str | None

    @property
    def lets(self) -> str:
        """What it lets them do, and where."""
        where = "in every namespace" if self.namespace is None else f"in namespace {self.namespace}"
        return self.risk.lets.format(where=where)


class Access:
    """Asks all the roles and bindings of a cluster. What it answers is kept until one of them changes."""

    __slots__ = ("permissions",)

    def __init__(self, permissions: Permissions) -> None:
        self.permissions = permissions

    def rules(self, who: UserInfo, namespace: str | None) -> Iterator[Grant]:
        """All the rules that they have in a namespace, those of everywhere first; None is everywhere alone."""
        return rules_for(who, namespace or EVERYWHERE, self.permissions)

    def exposures(self, who: UserInfo, risks: Collection[Risk]) -> Iterator[Exposure]:
        """Every risk that they hold, everywhere or in a namespace; in a namespace only what is not everywhere."""
        everywhere = list(self.rules(who, None))
        told: set[int] = set()
        for risk in risks:
            for found in _exposures(risk, everywhere, None):
                told.add(id(risk))
                yield found
        for namespace in self.permissions.namespaces(who):
            within = list(self.rules(who, namespace))
            for risk in risks:
                if id(risk) not in told:
                    yield from _exposures(risk, within, namespace)

    def worst(self, who: UserInfo, risks: Collection[Risk]) -> Exposure | None:
        """The worst of the risks that they hold; the first of equals."""
        return max(self.exposures(who, risks), key=lambda found: found.severity, default=None)

    def accounts(self, namespace: str) -> Iterable[str]:
        """The ServiceAccounts of a namespace that a binding names."""
        return self.permissions.accounts(namespace)

    def strongest(self, namespace: str, risks: Collection[Risk]) -> tuple[str, Exposure] | None:
        """The ServiceAccount of a namespace that can do the worst everywhere, with that; None where none can."""
        found = [
            (name, exposure)
            for name in self.accounts(namespace)
            if (exposure := self._worst_everywhere(service_account(namespace, name), risks))
        ]
        return max(found, key=lambda one: one[1].severity, default=None)

    def _worst_everywhere(self, who: UserInfo, risks: Collection[Risk]) -> Exposure | None:
        everywhere = list(self.rules(who, None))
        found = (exposure for risk in risks for exposure in _exposures(risk, everywhere, None))
        return max(found, key=lambda one: one.severity, default=None)


def _exposures(risk: Risk, held: list[Grant], namespace: str | None) -> Iterator[Exposure]:
    """The first way to a risk that rules make up."""
    rules = [grant.rule for grant in held]
    for way in risk.ways:
        if hits := risk.hits(way, rules):
            severity = risk.severity(hits, everywhere=namespace is None, raised=False)
            if severity is not None:
                grant = next(grant for grant in held if grant.rule is hits[0].rule)
                yield Exposure(risk, severity, hits, grant, namespace)
                return

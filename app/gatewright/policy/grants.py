"""What a role, or a binding, newly gives, and to whom: the subject of the policies on RBAC."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from gatewright.model.path import Path
from gatewright.model.rbac import ALL, ClusterRole, PolicyRule, Role
from gatewright.model.rbac_subjects import AnyBinding, AnyRole
from gatewright.model.schema import Node
from gatewright.model.text import quote
from gatewright.policy.risk import Hit, Risk, Way
from gatewright.policy.violation import Violation

MOST_HOLDERS = 3
"""Holders that a message names."""


class Given(NamedTuple):
    """A rule that is newly given: `node` and `field` are what a violation points at, `said` is which rule it is."""

    rule: PolicyRule
    node: Node
    field: Path
    said: str


class Holder(NamedTuple):
    """Somebody who has what is given; `held` are the rules that they have besides, where it counts."""

    name: str
    held: Callable[[], Iterable[PolicyRule]]


class Grants:
    """The rules that a role or a binding newly gives.

    Attributes:
        item: the Role, ClusterRole, RoleBinding or ClusterRoleBinding.
        role: the role whose rules they are; of a binding to a role that does not exist None.
        rules: the rules; on an UPDATE those that were not given before.
        namespace: where they hold; None is everywhere. A ClusterRole that nobody has counts as everywhere.
        holders: who has them; nobody has a role that is not bound.
        is_exposed: whether somebody has them, or will with this request: what a role merely contains exposes nobody.
        is_ordinary: whether it binds admin, edit or view as Kubernetes has them, in one namespace. Of what somebody has
            added to such a role, `rules` has that alone.
    """

    __slots__ = ("holders", "is_exposed", "is_ordinary", "item", "namespace", "role", "rules")

    def __init__(
        self,
        item: AnyRole | AnyBinding,
        role: AnyRole | None,
        rules: tuple[Given, ...],
        namespace: str | None,
        holders: tuple[Holder, ...],
        *,
        is_exposed: bool = True,
        is_ordinary: bool = False,
    ) -> None:
        self.item = item
        self.role = role
        self.rules = rules
        self.namespace = namespace
        self.holders = holders
        self.is_exposed = is_exposed
        self.is_ordinary = is_ordinary

    @property
    def is_role(self) -> bool:
        """Whether it is a role that is judged, and not a binding."""
        return isinstance(self.item, Role | ClusterRole)

    @property
    def where(self) -> str:
        """`in every namespace`."""
        return "in every namespace" if self.namespace is None else f"in namespace {self.namespace}"

    def violations(self, risk: Risk, *, raised: bool) -> Iterator[Violation]:
        """What a row of the catalogue finds: once for each rule of a role, and once for a binding.

        `raised`: whether the namespace holds a more privileged ServiceAccount.
        """
        told: list[Node] = []
        for way in risk.ways:
            for given, hits, holder in self._ways(risk, way):
                severity = risk.severity(hits, everywhere=self.namespace is None, raised=raised)
                if severity is None or (self.is_role and any(given.node is node for node in told)):
                    continue
                told.append(given.node)
                message = self._message(risk, given, hits, (holder,) if holder else self.holders)
                yield Violation(given.node, given.field, message, severity=severity)
                if not self.is_role:  # a binding is one place: its first finding speaks for it
                    return

    def _ways(self, risk: Risk, way: Way) -> Iterator[tuple[Given, tuple[Hit, ...], Holder | None]]:
        """Each way that the new rules make up alone, or together with what a holder has besides."""
        if len(way) == 1:
            yield from ((given, hits, None) for given in self.rules if (hits := risk.hits(way, [given.rule])))
            return
        new = [given.rule for given in self.rules]
        for holder in self.holders or (Holder("", tuple),):
            held = tuple(holder.held())
            hits = () if risk.hits(way, held) else risk.hits(way, (*new, *held))
            mine = next((given for given in self.rules for hit in hits if hit.rule is given.rule), None)
            if mine is not None:
                yield mine, hits, holder if holder.name else None
                return

    def _message(self, risk: Risk, given: Given, hits: tuple[Hit, ...], holders: tuple[Holder, ...]) -> str:
        told = named(holders)
        who = "its holders" if self.is_role else told
        lets = risk.lets.format(where=self.where)
        held = f"; held by {told}" if self.is_role and holders else ""
        return f"{given.said} lets {who} {lets}{_narrowed(hits)}{_by(hits)}{held}; instead, {risk.instead}"


def named(holders: tuple[Holder, ...]) -> str:
    """`ServiceAccount mon/agent, User "jane" and 2 more`."""
    names = list(dict.fromkeys(holder.name for holder in holders))
    more = len(names) - MOST_HOLDERS
    listed = ", ".join(names[:MOST_HOLDERS]) + (f" and {more} more" if more > 0 else "")
    return listed or "nobody"


def _narrowed(hits: tuple[Hit, ...]) -> str:
    names = list(dict.fromkeys(name for hit in hits for name in hit.names))
    if not names or not all(hit.names for hit in hits):
        return ""
    more = f" and {len(names) - MOST_HOLDERS} more" if names[MOST_HOLDERS:] else ""
    return f", only {', '.join(map(quote, names[:MOST_HOLDERS]))}{more}"


def _by(hits: tuple[Hit, ...]) -> str:
    """The wildcards that give it, where some do."""
    shown = {f"verbs {quote(ALL)}": None for hit in hits if hit.verb not in hit.rule.verbs}
    shown |= {f"resources {quote(hit.pattern)}": None for hit in hits if hit.pattern != hit.resource}
    return f" (by {', '.join(shown)})" if shown else ""

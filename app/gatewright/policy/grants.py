"""What a role, or a binding, newly gives, and to whom: the subject of the policies on RBAC."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from gatewright.model.path import Path
from gatewright.model.rbac import ClusterRole, PolicyRule, Role, RoleRef, Subject
from gatewright.model.rbac_subjects import EVERYWHERE, AnyBinding, AnyRole
from gatewright.model.schema import Node
from gatewright.policy.need import Hit, Need, Words, words_of
from gatewright.policy.risk import Risk, Way
from gatewright.policy.severity import Severity
from gatewright.policy.violation import Violation

MOST_HOLDERS = MOST_NAMESPACES = 3
"""Holders, and namespaces, that a message names."""


Weigh = Callable[[tuple[Hit, ...], Severity], tuple[Severity, str] | None]
"""How bad it is by a closer look at what is hit, and what to add to the words; None where it is nothing."""


class Given(NamedTuple):
    """A rule that is newly given: `node` and `field` are what a violation points at, `said` is which rule it is."""

    rule: PolicyRule
    node: Node
    field: Path
    said: str


class Holder(NamedTuple):
    """Somebody who has what is given.

    Attributes:
        name: who.
        held: the rules that they have besides, where it counts.
        subject: of the binding by which they have it, as that has it.
        namespace: of that binding, EVERYWHERE of a ClusterRoleBinding.
        only_in: the one namespace where they have besides what counts; empty where that is wherever the binding is for.
    """

    name: str
    held: Callable[[], Iterable[PolicyRule]]
    subject: Subject = Subject()
    namespace: str = EVERYWHERE
    only_in: str = ""


class Usual(Violation):
    """A violation by a role that Kubernetes makes for the users of a namespace: it is warned of at most."""


class Grants:
    """The rules that a role or a binding newly gives.

    Attributes:
        item: the Role, ClusterRole, RoleBinding or ClusterRoleBinding.
        role: the role whose rules they are; of a binding to a role that does not exist None.
        rules: the rules; on an UPDATE those that were not given before.
        before: all that were given before.
        namespaces: where they hold; none is everywhere. A ClusterRole that nobody has counts as everywhere.
        holders: who has them; nobody has a role that is not bound.
        is_exposed: whether somebody has them, or will with this request: what a role merely contains exposes nobody.
        usual: of admin, edit and view, bound in one namespace, what Kubernetes itself gives them; `rules` has what
            somebody has added.
    """

    __slots__ = (
        *("_gives", "_said", "_words"),
        *("before", "holders", "is_exposed", "item", "namespaces", "role", "rules", "usual"),
    )

    def __init__(
        self,
        item: AnyRole | AnyBinding,
        role: AnyRole | None,
        rules: tuple[Given, ...],
        namespaces: tuple[str, ...],
        holders: tuple[Holder, ...],
        *,
        before: tuple[PolicyRule, ...] = (),
        is_exposed: bool = True,
        usual: tuple[Given, ...] = (),
    ) -> None:
        self.item = item
        self.role = role
        self.rules = rules
        self.before = before
        self.namespaces = namespaces
        self.holders = holders
        self.is_exposed = is_exposed
        self.usual = usual
        self._said: Words | None = None
        self._words: tuple[Words, ...] = ()
        self._gives: set[int] | None = None

    @property
    def is_role(self) -> bool:
        """Whether it is a role that is judged, and not a binding."""
        return isinstance(self.item, Role | ClusterRole)

    @property
    def missing(self) -> RoleRef | None:
        """How a binding calls its role, where there is no such role."""
        return self.item.role_ref if self.role is None and not isinstance(self.item, Role | ClusterRole) else None

    @property
    def told(self) -> str:
        """`ServiceAccount mon/agent, User "jane" and 2 more`: who has them."""
        return named(self.holders)

    @property
    def where(self) -> str:
        """`in every namespace`."""
        return where(self.namespaces)

    def is_about(self, risk: Risk) -> bool:
        """Whether a rule may be part of a risk: without one there is no violation. See `Risk.is_about`."""
        if self._said is None:
            self._words = tuple(words_of(given.rule) for given in (*self.rules, *self.usual))
            self._said = Words.of(self._words)
        return self._said.meet(risk.words) and risk.is_about(self._words)  # the one is quick to say no, for all rules

    def violations(self, risk: Risk, *, raised: str, weigh: Weigh | None = None) -> Iterator[Violation]:
        """What a row of the catalogue finds: once for each rule of a role, and the worst of it once for a binding.

        Args:
            risk: the row.
            raised: who there can do more, and what; empty where no namespace holds a more privileged ServiceAccount.
            weigh: a second opinion.
        """
        told: set[int] = set()
        rules = (*(given.rule for given in self.rules), *self._own)
        found = (
            violation
            for form in risk.all_forms
            if form.gives_in(self.namespaces) and not form.is_implied(rules)
            for violation in self._found(form, told, raised, weigh)
        )
        if self.is_role:
            yield from found
        elif worst := max(found, key=lambda one: one.severity or 0, default=None):
            yield worst

    def usual_violations(self, risk: Risk, *, raised: str, weigh: Weigh | None = None) -> Iterator["Usual"]:
        """The same of what is usual, for a namespace that holds a more privileged ServiceAccount."""
        whole = Grants(self.item, self.role, self.usual, self.namespaces, self.holders, before=self.before)
        for one in whole.violations(risk, raised=raised, weigh=weigh):
            yield Usual(one.node, one.field, one.message, severity=one.severity)

    @property
    def _own(self) -> tuple[PolicyRule, ...]:
        """What a role gives besides, because it did before."""
        return self.role.rules if self.is_role and self.role else ()

    def _found(self, risk: Risk, told: set[int], raised: str, weigh: Weigh | None) -> Iterator[Violation]:
        """What one form of a row finds, and is not told of: `told` are the ids of the nodes that are."""
        for way in risk.ways:
            for given, hits, holder in self._ways(risk, way):
                if self.is_role and id(given.node) in told:
                    continue
                namespaces = (holder.only_in,) if holder and holder.only_in else self.namespaces
                everywhere = not namespaces
                severity = risk.severity(hits, everywhere=everywhere, raised=bool(raised))
                weight = severity and (weigh(hits, severity) if weigh else (severity, ""))
                if weight:
                    told.add(id(given.node))
                    is_raised = severity != risk.severity(hits, everywhere=everywhere, raised=False)
                    more = f"{weight[1]}; {raised}" if is_raised else weight[1]
                    holders = (holder,) if holder else self.holders
                    message = self._message(risk, given, hits, holders, namespaces, more)
                    yield Violation(given.node, given.field, message, severity=weight[0])

    def _ways(self, risk: Risk, way: Way) -> Iterator[tuple[Given, tuple[Hit, ...], Holder | None]]:
        """Each way that the new rules make up alone, or together with what a holder has besides."""
        if len(way) == 1:
            yield from ((given, hits, None) for given in self.rules if (hits := risk.hits(way, [given.rule])))
            return
        new = [given.rule for given in self.rules]
        if not any(need.met_by(rule) for need in way for rule in new):
            return
        for holder in self.holders or (Holder("", tuple),):
            held = tuple(holder.held())
            hits = risk.hits(way, (*new, *self._own, *held))
            mine = next((given for given in self.rules for hit in hits if hit.rule is given.rule), None)
            before = (*self.before, *held)
            if mine and any(_is_wider(need, hit, before) for need, hit in zip(way, hits, strict=True)):
                # Of what is narrowed the next holder may have worse.
                new_hits = tuple(_newly(need, hit, before) for need, hit in zip(way, hits, strict=True))
                yield mine, new_hits, holder if holder.name else None
                if not any(hit.names for hit in hits) and not holder.only_in:
                    return

    def _message(
        self,
        risk: Risk,
        given: Given,
        hits: tuple[Hit, ...],
        holders: tuple[Holder, ...],
        namespaces: tuple[str, ...],
        more: str,
    ) -> str:
        told = named(holders)
        who = "its holders" if self.is_role else told
        held = f"; held by {told}" if self.is_role and holders else ""
        what = f"{who}{self._besides(hits)} {risk.says(hits, where(namespaces))}{more}"
        return f"{given.said} lets {what}{held}; instead, {risk.instead}"

    def _besides(self, hits: tuple[Hit, ...]) -> str:
        if self._gives is None:
            self._gives = {id(rule) for rule in (*(given.rule for given in self.rules), *self._own)}
        return "" if all(id(hit.rule) in self._gives for hit in hits) else ", with what they have already,"


def _is_wider(need: Need, hit: Hit, before: tuple[PolicyRule, ...]) -> bool:
    """Whether rules meet a need for fewer objects than a hit does, or not at all."""
    known = [one.names for rule in before if (one := need.met_by(rule))]
    return all(known) and not (hit.names and set(hit.names).issubset(itertools.chain.from_iterable(known)))


def _newly(need: Need, hit: Hit, before: tuple[PolicyRule, ...]) -> Hit:
    """The hit, without the objects that rules meet the need for already, if there are others."""
    if not hit.names:
        return hit
    known = {name for rule in before if (one := need.met_by(rule)) for name in one.names}
    return hit._replace(names=tuple(name for name in hit.names if name not in known) or hit.names)


def where(namespaces: tuple[str, ...]) -> str:
    """`in namespaces a, b and 2 more`; none is every namespace."""
    if not namespaces:
        return "in every namespace"
    more = len(namespaces) - MOST_NAMESPACES
    listed = ", ".join(namespaces[:MOST_NAMESPACES]) + (f" and {more} more" if more > 0 else "")
    return f"in namespace{'s' if namespaces[1:] else ''} {listed}"


def named(holders: tuple[Holder, ...]) -> str:
    """`ServiceAccount mon/agent, User "jane" and 2 more`."""
    names = list(dict.fromkeys(holder.name for holder in holders))
    more = len(names) - MOST_HOLDERS
    listed = ", ".join(names[:MOST_HOLDERS]) + (f" and {more} more" if more > 0 else "")
    return listed or "nobody"

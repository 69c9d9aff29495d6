"""What a permission lets somebody do, as a row of a table: which rules make it up, how bad it is, in which words."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from gatewright.model.rbac import ALL, PolicyRule
from gatewright.model.text import quote
from gatewright.model.version import KubernetesVersion
from gatewright.policy.need import READ, WRITE, Hit, Need, Words, words_of
from gatewright.policy.severity import Severity

CORE = frozenset({"", ALL})
WORKLOADS = frozenset({"", "apps", "batch", ALL})
"""API groups of which whoever writes everything runs pods, as whomever they like."""

NAMED = re.compile(r"\{(any|every):")

MOST_NAMES = 3
"""Names that a message names."""

Way = tuple[Need, ...]
"""Needs that together make up a risk."""


def is_all(rule: PolicyRule, _verb: str) -> bool:
    """Whether rbac-all speaks of a rule already, and so of whichever verb."""
    return ALL in rule.verbs and is_told(rule, "get")


def is_told(rule: PolicyRule, verb: str) -> bool:
    """Whether rbac-all, rbac-write-all or rbac-read-all speaks of a verb of a rule, and so of all that it implies."""
    if ALL not in rule.resources or rule.resource_names:
        return False
    groups = WORKLOADS if verb in WRITE else CORE if verb in READ or ALL in rule.verbs else frozenset[str]()
    return not groups.isdisjoint(rule.api_groups)


def is_untold(_rule: PolicyRule, _verb: str) -> bool:
    """Of rbac-all, for which nothing else speaks."""
    return False


class Found(NamedTuple):
    """A risk that rules make up: `risk` is the row, or the form of it, that says how."""

    risk: "Risk"
    severity: Severity
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Risk:
    """A row of the catalogue.

    Attributes:
        ways: the ways to it; of one way every need must be met, by whichever rules.
        lets: what its holders can do; `{where}` is where: "in every namespace"; `{any:Secret}` is "any Secret" or,
            where resourceNames narrow the first need, those by their names.
        cluster: how bad it is where it holds everywhere.
        namespaced: where it holds in one namespace; None where it gives nothing there.
        instead: the smallest change that takes it away.
        rises: whether it is as bad as everywhere where the namespace holds a more privileged ServiceAccount.
        eases: whether it is a step less bad where resourceNames narrow it.
        told_by: the rules of which other rows speak, and so of all that they imply.
        only_in: the namespaces in which it gives something; all where there are none.
        forms: forms of it that have words, or a severity, of their own: of a rule the first that it makes up is told.
        words: what its needs mention, all of them together.
    """

    ways: tuple[Way, ...]
    lets: str
    cluster: Severity
    namespaced: Severity | None
    instead: str
    rises: bool = False
    eases: bool = True
    told_by: Callable[[PolicyRule, str], bool] = is_told
    only_in: tuple[str, ...] = ()
    forms: tuple["Risk", ...] = ()
    words: Words = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Gathers the words."""
        words = Words.of(need.words for form in self.all_forms for way in form.ways for need in way)
        object.__setattr__(self, "words", words)

    @property
    def all_forms(self) -> tuple["Risk", ...]:
        """Its forms, and at last itself."""
        return (*self.forms, self)

    def at(self, version: KubernetesVersion) -> "Risk":
        """The row, as a version of Kubernetes has it."""
        ways = tuple(way for way in self.ways if all(need.is_in(version) for need in way))
        return replace(self, ways=ways, forms=tuple(form.at(version) for form in self.forms))

    def is_about(self, rules: Iterable[Words]) -> bool:
        """Whether one of the rules that mention such words may be part of it: of most rows none is."""
        return any(map(self.words.meet, rules))

    def gives_in(self, namespaces: tuple[str, ...]) -> bool:
        """Whether it gives something in one of the namespaces; none is everywhere."""
        return not namespaces or not self.only_in or not set(namespaces).isdisjoint(self.only_in)

    def hits(self, way: Way, rules: Iterable[PolicyRule]) -> tuple[Hit, ...]:
        """How rules meet all needs of a way, rather by what is not narrowed; nothing where one is not met.

        Where all that meet a need are narrowed, the hit is the first one's, with the names of all of them.
        """
        rules = tuple(rules)
        hits: list[Hit] = []
        for need in way:
            found: Hit | None = None
            names: dict[str, None] = {}
            for rule in rules:
                hit = need.met_by(rule)
                if hit and (found is None or (found.names and not hit.names)):
                    found = hit
                if hit:
                    names |= dict.fromkeys(hit.names)
            if found is None:
                return ()
            hits.append(found._replace(names=tuple(names)) if found.names else found)
        return tuple(hits)

    def is_implied(self, rules: Iterable[PolicyRule]) -> bool:
        """Whether rules of which other rows speak make it up by themselves."""
        wide = tuple(rule for rule in rules if ALL in rule.resources)  # others are nobody else's to tell of
        return bool(wide) and any(all(any(map(self._teller(need), wide)) for need in way) for way in self.ways)

    def _teller(self, need: Need) -> Callable[[PolicyRule], bool]:
        def tells(rule: PolicyRule) -> bool:
            return any(
                self.told_by(rule, verb) and need._replace(verbs=(verb,)).met_by(rule) is not None
                for verb in need.verbs
            )

        return tells

    def found(
        self, rules: Iterable[PolicyRule], *, everywhere: bool, raised: bool = False, namespaces: tuple[str, ...] = ()
    ) -> Found | None:
        """The worst that rules make up, of which no other row speaks. See `severity` and `gives_in`."""
        rules = tuple(rules)
        found = [
            Found(form, severity, hits)
            for form in self.all_forms
            if form.gives_in(namespaces) and not form.is_implied(rules)
            for way in form.ways
            if (hits := form.hits(way, rules))
            and (severity := form.severity(hits, everywhere=everywhere, raised=raised)) is not None
        ]
        return max(found, key=lambda one: one.severity, default=None)

    def severity(self, hits: Iterable[Hit], *, everywhere: bool, raised: bool) -> Severity | None:
        """How bad it is; None where it gives nothing.

        Args:
            hits: the rules that make it up.
            everywhere: whether they hold in all namespaces.
            raised: whether the one namespace holds a more privileged ServiceAccount.
        """
        if self.namespaced is None and not everywhere:
            return None
        bad = self.cluster if everywhere or self.namespaced is None or (raised and self.rises) else self.namespaced
        return Severity(max(bad - 1, Severity.LOW)) if self.eases and is_narrowed(hits) else bad

    def says(self, hits: tuple[Hit, ...], where: str) -> str:
        """What it lets them do, and where; the objects, if it is only about some, and the wildcards that give it."""
        says = self.lets.format(where=where, any=_Which("any", hits[0].names), every=_Which("every", hits[0].names))
        names = tuple(dict.fromkeys(name for hit in hits for name in hit.names))
        only = f", only {_listed(names)}" if is_narrowed(hits) and not NAMED.search(self.lets) else ""
        return f"{says}{only}{_by(hits)}"


def made_up(
    rules: Iterable[PolicyRule],
    risks: Mapping[str, Risk],
    *,
    everywhere: bool,
    raised: bool = False,
    namespaces: tuple[str, ...] = (),
) -> Iterator[tuple[str, Found]]:
    """What rules make up by the rows of a catalogue, with the row's id. See `Risk.found`."""
    told = [(rule, words_of(rule)) for rule in rules]
    for id_, risk in risks.items():
        parts = [rule for rule, words in told if risk.words.meet(words)]
        if parts and (found := risk.found(parts, everywhere=everywhere, raised=raised, namespaces=namespaces)):
            yield id_, found


def is_narrowed(hits: Iterable[Hit]) -> bool:
    """Whether resourceNames narrow each of them."""
    return all(hit.names for hit in hits)


class _Which(NamedTuple):
    """`any Secret`, or `Secret "a", "b"`."""

    unnamed: str
    names: tuple[str, ...]

    def __format__(self, kind: str) -> str:
        return f"{kind} {_listed(self.names)}" if self.names else f"{self.unnamed} {kind}"


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - MOST_NAMES} more" if names[MOST_NAMES:] else ""
    return ", ".join(map(quote, names[:MOST_NAMES])) + more


def _by(hits: tuple[Hit, ...]) -> str:
    """The wildcards that give it, where some do."""
    shown = {f"verbs {quote(ALL)}": None for hit in hits if hit.verb not in hit.rule.verbs}
    shown |= {f"resources {quote(hit.pattern)}": None for hit in hits if hit.pattern != hit.resource}
    return f" (by {', '.join(shown)})" if shown else ""

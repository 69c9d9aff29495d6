"""What a permission lets somebody do, as a row of a table: which rules make it up, how bad it is, in which words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from gatewright.model.rbac import ALL, PolicyRule
from gatewright.model.rbac_rules import resources_of
from gatewright.policy.severity import Severity

READ = ("get", "list", "watch")
WRITE = ("create", "update", "patch")
DELETE = ("delete", "deletecollection")

UNNAMED_VERBS = frozenset({"create", "list", "watch", "deletecollection"})
"""Verbs that on a resource itself are asked for with the name "": `resourceNames: [""]` grants them, whole."""


class Hit(NamedTuple):
    """A rule that gives what a need asks for.

    Attributes:
        rule: the rule.
        verb, resource: what is asked for; `pattern` is what the rule calls the resource.
        names: the only objects that it is about; empty where it is about all.
    """

    rule: PolicyRule
    verb: str
    resource: str
    pattern: str
    names: tuple[str, ...]


class Need(NamedTuple):
    """One of the verbs on one of the resources (`pods`, `pods/exec`) of one of the API groups.

    Attributes:
        verbs: any one.
        resources: any one, with its subresource.
        groups: any one; the core group unless said.
        names: the objects that matter; empty where every one does.
        unnamed: whether it takes a rule that is not narrowed by resourceNames.
    """

    verbs: tuple[str, ...]
    resources: tuple[str, ...]
    groups: tuple[str, ...] = ("",)
    names: tuple[str, ...] = ()
    unnamed: bool = False

    def met_by(self, rule: PolicyRule) -> Hit | None:
        """How a rule meets it, in the semantics of upstream's RuleAllows; None where it does not."""
        if ALL not in rule.api_groups and not any(group in rule.api_groups for group in self.groups):
            return None
        for verb in self.verbs:
            if verb not in rule.verbs and ALL not in rule.verbs:
                continue
            for resource in self.resources:
                pattern = next((wider for wider in resources_of(resource) if wider in rule.resources), None)
                names = None if pattern is None else self._names(rule, verb, resource)
                if pattern is not None and names is not None:
                    return Hit(rule, verb, resource, pattern, names)
        return None

    def _names(self, rule: PolicyRule, verb: str, resource: str) -> tuple[str, ...] | None:
        """The objects that the rule is about; empty for all, None for none that matters."""
        given = rule.resource_names
        is_whole = "/" not in resource
        if not given or (is_whole and verb in UNNAMED_VERBS and "" in given):
            return ()
        if self.unnamed or (is_whole and not _takes_a_name(rule, verb)):
            return None
        names = tuple(name for name in given if name and (not self.names or name in self.names))
        return names or None


def _takes_a_name(rule: PolicyRule, verb: str) -> bool:
    """Whether a named rule gives a verb at all. A deletion of many has no name, nor has a creation by POST; one by
    server-side apply has, and takes patch as well."""
    if verb == "deletecollection":
        return False
    return verb != "create" or not {"patch", "update", ALL}.isdisjoint(rule.verbs)


def is_told(rule: PolicyRule, verb: str) -> bool:
    """Whether rbac-all, rbac-write-all or rbac-read-all speaks of a rule already, and so of all that it implies."""
    if ALL not in rule.resources or rule.resource_names:
        return False
    if ALL in rule.verbs:
        return not {"", ALL}.isdisjoint(rule.api_groups)
    return verb in WRITE or (verb in READ and not {"", ALL}.isdisjoint(rule.api_groups))


Way = tuple[Need, ...]
"""Needs that together make up a risk."""


@dataclass(frozen=True, slots=True)
class Risk:
    """A row of the catalogue.

    Attributes:
        ways: the ways to it; of one way every need must be met, by whichever rules.
        lets: what its holders can do; `{where}` is where: "in every namespace".
        cluster: how bad it is where it holds everywhere.
        namespaced: where it holds in one namespace; None where it gives nothing there.
        instead: the smallest change that takes it away.
        rises: whether it is as bad as everywhere where the namespace holds a more privileged ServiceAccount.
        is_wildcard: whether it is one of the three that speak for all that a wildcard rule implies.
        eases: whether it is a step less bad where resourceNames narrow it.
    """

    ways: tuple[Way, ...]
    lets: str
    cluster: Severity
    namespaced: Severity | None
    instead: str
    rises: bool = False
    is_wildcard: bool = False
    eases: bool = True

    def hits(self, way: Way, rules: Iterable[PolicyRule]) -> tuple[Hit, ...]:
        """How rules meet all needs of a way; nothing where one is not met, or where others speak of all of it."""
        rules = tuple(rules)
        found = [self._first(need, rules) for need in way]
        hits = tuple(hit for hit in found if hit)
        is_implied = not self.is_wildcard and all(is_told(hit.rule, hit.verb) for hit in hits)
        return () if None in found or is_implied else hits

    def _first(self, need: Need, rules: tuple[PolicyRule, ...]) -> Hit | None:
        """How one of the rules meets a need; rather one of which no other policy speaks."""
        hits = [hit for hit in map(need.met_by, rules) if hit]
        return next((hit for hit in hits if not is_told(hit.rule, hit.verb)), hits[0] if hits else None)

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
        is_narrowed = self.eases and all(hit.names for hit in hits)
        return Severity(max(bad - 1, Severity.LOW)) if is_narrowed else bad

"""What a risk asks of a rule: verbs on resources, and for which objects."""

import itertools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gatewright.model.rbac import ALL, PolicyRule
from gatewright.model.rbac_rules import resources_of
from gatewright.model.version import KubernetesVersion, V

READ = ("get", "list", "watch")
WRITE = ("create", "update", "patch")
DELETE = ("delete", "deletecollection")

UNNAMED_VERBS = frozenset({"create", "list", "watch", "deletecollection", "escalate"})
"""Verbs that on a resource itself are asked for with the name "": `resourceNames: [""]` grants them, whole. `escalate`
is, while a role is created by POST."""

UNNAMED_SUBRESOURCES = frozenset({"certificatesigningrequests/nodeclient", "certificatesigningrequests/selfnodeclient"})
"""Subresources that are only ever asked for with the name "", by the approver of pkg/controller/certificates."""

CREATED_BY_PUT = frozenset({
    *("roles", "clusterroles", "rolebindings", "clusterrolebindings", "services", "endpoints", "events", "leases"),
    *("limitranges", "runtimeclasses"),
})  # fmt: skip
"""Kinds of which an update creates what is not there (AllowCreateOnUpdate in their strategies): it has a name."""


ANYTHING, ANY_URL = "", "/"
"""In `Words`: what every rule is about, and every rule with a URL that is no resource."""


class Words(NamedTuple):
    """The verbs, and the things, that a rule or a risk mentions. A rule can only be part of a risk that it meets."""

    verbs: frozenset[str]
    things: frozenset[str]

    def meet(self, other: "Words") -> bool:
        """Whether they have a verb and a thing in common."""
        return not (self.verbs.isdisjoint(other.verbs) or self.things.isdisjoint(other.things))

    @classmethod
    def of(cls, words: Iterable["Words"]) -> "Words":
        """All of them together."""
        words = tuple(words)
        verbs = itertools.chain.from_iterable(one.verbs for one in words)
        return cls(frozenset(verbs), frozenset(itertools.chain.from_iterable(one.things for one in words)))


def words_of(rule: PolicyRule) -> Words:
    """What one rule mentions."""
    urls = (ANY_URL,) if rule.non_resource_urls else ()
    return Words(frozenset(rule.verbs), frozenset((ANYTHING, *urls, *rule.resources)))


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
        resources: any one, with its subresource; `userextras/` is any subresource of it. Empty is any at all.
        groups: any one; the core group unless said. Empty is any at all.
        names: the objects that matter; empty where every one does.
        unnamed: whether it takes a rule that is not narrowed by resourceNames.
        named: whether it takes one that is.
        literal: whether the rule must call the verb by its name, and not by `*`.
        urls: whether it is about all URLs that are no resource, in place of resources; the verbs are HTTP's.
        since, before: the first version of Kubernetes that has it so, and the first that has not.
    """

    verbs: tuple[str, ...]
    resources: tuple[str, ...]
    groups: tuple[str, ...] = ("",)
    names: tuple[str, ...] = ()
    unnamed: bool = False
    named: bool = False
    literal: bool = False
    urls: bool = False
    since: KubernetesVersion = V(1, 0)
    before: KubernetesVersion | None = None

    def is_in(self, version: KubernetesVersion) -> bool:
        """Whether a version of Kubernetes has it so."""
        return self.since <= version and (self.before is None or version < self.before)

    @property
    def words(self) -> Words:
        """What a rule mentions that meets it: at least one of these verbs, and of these things."""
        verbs = self.verbs if self.literal else (*self.verbs, ALL)
        if self.urls:
            return Words(frozenset(verbs), frozenset((ANY_URL,)))
        is_open = not self.resources or any(resource.endswith("/") for resource in self.resources)
        things = (ANYTHING,) if is_open else itertools.chain.from_iterable(map(resources_of, self.resources))
        return Words(frozenset(verbs), frozenset(things))

    def met_by(self, rule: PolicyRule) -> Hit | None:
        """How a rule meets it, in the semantics of upstream's RuleAllows; None where it does not."""
        if self.urls:
            return self._reaches_by(rule)
        groups = rule.api_groups
        if not groups or (self.groups and ALL not in groups and not _meet(self.groups, groups)):
            return None
        for verb in self.verbs:
            if verb in rule.verbs or (ALL in rule.verbs and not self.literal):
                for resource, pattern in self._called(rule):
                    names = self._names(rule, verb, resource)
                    if names is not None:
                        return Hit(rule, verb, resource, pattern, names)
        return None

    def _reaches_by(self, rule: PolicyRule) -> Hit | None:
        """How a rule is about all URLs; of one about both URLs and names, which is invalid, upstream reads the URLs."""
        verb = next((verb for verb in self.verbs if verb in rule.verbs or ALL in rule.verbs), None)
        url = next((url for url in rule.non_resource_urls if url.endswith(ALL) and url.rstrip(ALL) in {"", "/"}), None)
        return None if verb is None or url is None else Hit(rule, verb, url, url, ())

    def _called(self, rule: PolicyRule) -> Iterator[tuple[str, str]]:
        """The resources that the rule is about, and what it calls them."""
        for resource in self.resources or (one for one in rule.resources if not one.endswith("/*")):
            if resource.endswith("/"):
                yield from ((one, one) for one in rule.resources if one == ALL or _is_below(resource, one))
            else:
                yield from ((resource, wider) for wider in resources_of(resource) if wider in rule.resources)

    def _names(self, rule: PolicyRule, verb: str, resource: str) -> tuple[str, ...] | None:
        """The objects that the rule is about; empty for all, None for none that matters."""
        given = rule.resource_names
        is_whole = "/" not in resource
        is_unnamed = (is_whole and verb in UNNAMED_VERBS) or resource in UNNAMED_SUBRESOURCES
        if not given or (is_unnamed and "" in given):
            return None if self.named else ()
        if self.unnamed or resource in UNNAMED_SUBRESOURCES or (is_whole and not _takes_a_name(rule, verb, resource)):
            return None
        nobody = {""} if verb.startswith("impersonate:") else {"", ALL}  # as a name, `*` is whom some impersonate
        names = tuple(name for name in given if name not in nobody and (not self.names or name in self.names))
        return names or None


def _meet(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether one is among the others; of one or two no set is made for it."""
    for one in some:  # noqa: SIM110  # `any` takes three times as long, and this is asked of every rule
        if one in others:
            return True
    return False


def _is_below(resource: str, called: str) -> bool:
    """Whether a rule means a subresource of it: `*` is none, but as a name."""
    return called.startswith(resource) and called not in {resource, f"{resource}{ALL}"}


def _takes_a_name(rule: PolicyRule, verb: str, resource: str) -> bool:
    """Whether a named rule gives a verb at all. A deletion of many has no name, nor has a creation by POST; one by
    server-side apply has, and takes patch as well, and of some kinds there is one by update."""
    if verb == "deletecollection":
        return False
    if verb != "create":
        return True
    return not {"patch", ALL}.isdisjoint(rule.verbs) or ("update" in rule.verbs and resource in CREATED_BY_PUT)

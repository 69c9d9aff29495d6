"""What one rule allows, and whether rules allow all that others do.

After upstream's pkg/apis/rbac/v1/evaluation_helpers.go and component-helpers' auth/rbac/validation/policy_comparator.go
of 1.37.2. Strings are compared exactly; `*` is special only as the whole of a verb, group or resource.
"""

import functools
import itertools
import math
import operator
from collections.abc import Collection, Iterable, Iterator

import msgspec

from gatewright.model.rbac import ALL, PolicyRule

COMBINATIONS = 100_000
"""How many combinations `covers` compares one by one: the lists of one object can make up more than 10¹²."""


class Request(msgspec.Struct, frozen=True, gc=False):
    """What is asked of the API server: a verb on a resource or, with a `path`, an HTTP method on a URL that is none.

    `name` is empty for create, deletecollection, and list and watch without metadata.name; `namespace` for what is
    cluster-wide. A request for a Namespace itself has its name in both.
    """

    verb: str
    resource: str = ""
    group: str = ""
    subresource: str = ""
    name: str = ""
    namespace: str = ""
    path: str | None = None


def grants(rule: PolicyRule, request: Request) -> bool:
    """Whether the rule allows the request, wherever the rule holds."""
    if request.verb not in rule.verbs and ALL not in rule.verbs:
        return False
    if request.path is not None:
        return any(_url_covers(url, request.path) for url in rule.non_resource_urls)
    resource = f"{request.resource}/{request.subresource}" if request.subresource else request.resource
    return (
        (request.group in rule.api_groups or ALL in rule.api_groups)
        and any(wider in rule.resources for wider in resources_of(resource))
        and (not rule.resource_names or request.name in rule.resource_names)
    )


def resources_of(resource: str) -> tuple[str, ...]:
    """What a rule may call a resource by: `pods/exec` is itself, `*/exec` and `*`, but neither `pods` nor `pods/*`."""
    _, slash, subresource = resource.partition("/")
    return (ALL, resource, f"*/{subresource}") if slash else (ALL, resource)


def _url_covers(pattern: str, url: str) -> bool:
    """Whether a non-resource URL of a rule is this URL or, with stars at its end, how this URL starts."""
    return pattern == url or (pattern.endswith(ALL) and url.startswith(pattern.rstrip(ALL)))


def breakdown(rule: PolicyRule) -> Iterator[PolicyRule]:
    """The same as rules of one verb on one resource of one group and at most one name, or of one verb on one URL."""
    for group, resource, verb, names in itertools.product(
        rule.api_groups, rule.resources, rule.verbs, _names(rule.resource_names)
    ):
        yield PolicyRule((verb,), (group,), (resource,), names)
    for url, verb in itertools.product(rule.non_resource_urls, rule.verbs):
        yield PolicyRule((verb,), non_resource_urls=(url,))


def _names(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [(name,) for name in names] or [()]


def covers(owner: Iterable[PolicyRule], servant: Iterable[PolicyRule]) -> tuple[bool, list[PolicyRule]]:
    """Whether the owner's rules allow all that the servant's do, and the broken down rules that they do not.

    Wildcards are not expanded: every verb there is does not cover `*`. Beyond `COMBINATIONS` a rule is not broken down:
    it counts as uncovered, whole, unless one rule of the owner covers the whole of it.
    """
    owned, left, uncovered = _Owned(dict.fromkeys(owner)), COMBINATIONS, list[PolicyRule]()
    for rule in servant:
        if owned.cover(rule):
            continue
        if _combinations(rule) > left:
            uncovered.append(rule)
            continue
        left -= _combinations(rule)
        uncovered += [single for single in breakdown(rule) if not owned.cover(single)]
    return not uncovered, uncovered


def _combinations(rule: PolicyRule) -> int:
    of_resources = math.prod(map(len, (rule.api_groups, rule.resources, _names(rule.resource_names))))
    return len(rule.verbs) * (of_resources + len(rule.non_resource_urls))


class _Owned:
    """Rules by what they mention. A set of rules is a number, one bit a rule: to intersect sets is an `&`."""

    def __init__(self, rules: Collection[PolicyRule]) -> None:
        self._all = (1 << len(rules)) - 1
        self._unnamed = sum(1 << index for index, rule in enumerate(rules) if not rule.resource_names)
        self._mentions: dict[str, dict[str, int]] = {name: {} for name in PolicyRule.__struct_fields__}
        self._urls: dict[str, int] = {}
        for index, rule in enumerate(rules):
            for name, mentions in self._mentions.items():
                for word in getattr(rule, name):
                    mentions[word] = mentions.get(word, 0) | 1 << index

    def cover(self, rule: PolicyRule) -> bool:
        """Whether a single one of the rules covers the whole of this one."""
        # A rule of both names and URLs is invalid; no rule has to cover such a one whole.
        found = self._all if rule.resource_names and not rule.non_resource_urls else self._unnamed
        each = itertools.chain(
            (self._any("verbs", (ALL, verb)) for verb in rule.verbs),
            (self._any("api_groups", (ALL, group)) for group in rule.api_groups),
            (self._any("resources", resources_of(resource)) for resource in rule.resources),
            (self._any("resource_names", (name,)) | self._unnamed for name in rule.resource_names),
            (self._with_url(url) for url in rule.non_resource_urls),
        )
        return functools.reduce(operator.and_, each, found) != 0

    def _any(self, name: str, words: tuple[str, ...]) -> int:
        mentions = self._mentions[name]
        return functools.reduce(operator.or_, (mentions.get(word, 0) for word in words))

    def _with_url(self, url: str) -> int:
        if url not in self._urls:
            patterns = self._mentions["non_resource_urls"].items()
            self._urls[url] = functools.reduce(
                operator.or_, (rules for pattern, rules in patterns if _url_covers(pattern, url)), 0
            )
        return self._urls[url]

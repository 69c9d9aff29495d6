"""What somebody may do, and what a change of roles and bindings newly gives, and to whom."""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import structs

from gatewright.model.rbac import PolicyRule
from gatewright.model.rbac_permissions import Permissions
from gatewright.model.rbac_rules import covers
from gatewright.model.rbac_subjects import (
    EVERYWHERE,
    AnyBinding,
    AnyRole,
    Grant,
    holder,
    place_of_role,
    rules_for,
    rules_of,
)
from gatewright.model.rbac_words import named
from gatewright.model.review import UserInfo


class Gain(NamedTuple):
    """Rules that somebody newly has, `namespace` is None where they have them everywhere."""

    subject: str
    namespace: str | None
    rules: tuple[PolicyRule, ...]
    binding: AnyBinding
    role: AnyRole
    number: int


def held(who: UserInfo, namespace: str, permissions: Permissions) -> list[tuple[str | None, Grant]]:
    """All that they may do, with the namespace where; None is everywhere. `namespace` may narrow it to one."""
    places = [EVERYWHERE, *([namespace] if namespace else permissions.namespaces(who))]
    return [
        (place or None, grant)
        for place in places
        for grant in rules_of(who, place, permissions)
        if _works_in(place, grant.rule)
    ]


def _works_in(place: str, rule: PolicyRule) -> bool:
    """Whether a rule gives something there: a URL that is no resource is in no namespace."""
    return place == EVERYWHERE or bool(rule.resources)


def gained(old: Permissions, new: Permissions) -> list[Gain]:
    """What each subject of a binding newly has, by their names."""
    gains: dict[tuple[str, str, tuple[PolicyRule, ...]], Gain] = {}
    before: dict[tuple[str, str], tuple[PolicyRule, ...]] = {}
    for place, binding in new.all_bindings():
        given = place_of_role(binding, place)
        role = new.role(*given) if given else None
        for subject in binding.subjects if role else ():
            who = holder(subject, place)
            if role is None or who is None:
                continue
            name = named(subject, place)
            if (name, place) not in before:
                before[name, place] = tuple(grant.rule for grant in rules_for(who, place, old))
            for index, rule in enumerate(role.rules):
                if _works_in(place, rule) and (rules := _uncovered(before[name, place], rule)):
                    gain = Gain(name, place or None, rules, binding, role, index)
                    gains.setdefault((name, place, rules), gain)
    return sorted(gains.values(), key=lambda one: (one.subject, one.namespace or EVERYWHERE, one.role.name, one.number))


def _uncovered(before: tuple[PolicyRule, ...], rule: PolicyRule) -> tuple[PolicyRule, ...]:
    """What a rule gives that others did not: itself, or the parts that do, put together again."""
    _, parts = covers(before, [rule])
    return tuple(_put_together(parts))


def _put_together(parts: Iterable[PolicyRule]) -> Iterable[PolicyRule]:
    """The same in as few rules: those that differ in one field alone are one."""
    for field in ("verbs", "resources", "non_resource_urls", "resource_names", "api_groups"):
        alike: dict[PolicyRule, dict[str, None]] = {}
        for part in parts:
            rest = structs.replace(part, **{field: ()})
            alike.setdefault(rest, {}).update(dict.fromkeys(getattr(part, field)))
        parts = [structs.replace(rest, **{field: tuple(words)}) for rest, words in alike.items()]
    return parts


def granted_by(grant: Grant) -> int:
    """Which of its role's rules a grant is."""
    return next(index for index, rule in enumerate(grant.role.rules) if rule is grant.rule or rule == grant.rule)

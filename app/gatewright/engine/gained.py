"""What a change of roles and bindings newly gives, and to whom."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gatewright.model.rbac import PolicyRule
from gatewright.model.rbac_permissions import Permissions
from gatewright.model.rbac_rules import covers
from gatewright.model.rbac_subjects import EVERYWHERE, AnyBinding, AnyRole, Grant, holder, place_of_role, rules_for
from gatewright.model.rbac_words import named


class Gain(NamedTuple):
    """Rules that somebody newly has, `namespace` is None where they have them everywhere."""

    subject: str
    namespace: str | None
    rules: tuple[PolicyRule, ...]
    binding: AnyBinding
    role: AnyRole
    number: int


def gained(old: Permissions, new: Permissions) -> list[Gain]:
    """What each subject of a binding newly has, by their names."""
    gains: dict[tuple[str, str, tuple[PolicyRule, ...]], Gain] = {}
    before: dict[tuple[str, str], list[PolicyRule]] = {}
    for place, binding in new.all_bindings():
        given = place_of_role(binding, place)
        role = new.role(*given) if given else None
        for subject in binding.subjects if role else ():
            who = holder(subject, place)
            if role is None or who is None:
                continue
            name = named(subject, place)
            if (name, place) not in before:
                before[name, place] = [grant.rule for grant in rules_for(who, place, old)]
            for index, rules in _uncovered(before[name, place], role.rules):
                gain = Gain(name, place or None, rules, binding, role, index)
                gains.setdefault((name, place, rules), gain)
    return sorted(gains.values(), key=lambda one: (one.subject, one.namespace or EVERYWHERE, one.role.name, one.number))


def _uncovered(
    before: Iterable[PolicyRule], rules: Iterable[PolicyRule]
) -> Iterator[tuple[int, tuple[PolicyRule, ...]]]:
    before = tuple(before)
    for index, rule in enumerate(rules):
        is_covered, parts = covers(before, [rule])
        if not is_covered:
            yield index, tuple(parts) if before else (rule,)


def granted_by(grant: Grant) -> int:
    """Which of its role's rules a grant is."""
    return next(index for index, rule in enumerate(grant.role.rules) if rule is grant.rule or rule == grant.rule)

"""The worst that rules give, by all rows of the catalogue."""

from collections.abc import Iterable

from gatewright.policy import Found, PolicyRule, made_up

from ._catalogue import RISKS


def worst(
    rules: Iterable[PolicyRule], namespaces: tuple[str, ...], *, everywhere: bool, raised: bool = False
) -> Found | None:
    """The worst of what they make up by themselves; None where that is nothing. See `Risk.found`."""
    rows = made_up(rules, RISKS, everywhere=everywhere, raised=raised, namespaces=namespaces)
    return max((found for _, found in rows), key=lambda found: found.severity, default=None)

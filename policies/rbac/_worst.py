"""The worst that rules give, by all rows of the catalogue."""

from collections.abc import Iterable

from gatewright.policy import Found, PolicyRule

from ._catalogue import RISKS


def worst(
    rules: Iterable[PolicyRule], namespaces: tuple[str, ...], *, everywhere: bool, raised: bool = False
) -> Found | None:
    """The worst of what they make up by themselves; None where that is nothing. See `Risk.found`."""
    rules = tuple(rules)
    made_up = [
        found
        for risk in RISKS.values()
        if (found := risk.found(rules, everywhere=everywhere, raised=raised, namespaces=namespaces))
    ]
    return max(made_up, key=lambda found: found.severity, default=None)

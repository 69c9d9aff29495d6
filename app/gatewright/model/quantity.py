"""Quantities: `500m`, `1.5Gi`, `2e3`."""

import functools
import re
from fractions import Fraction

Quantity = str | int | float
"""A quantity as it is written; `parse_quantity` reads it."""

_FORM = re.compile(r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?[0-9]{1,3}))?")
_SUFFIXES = {
    **{
        suffix: Fraction(10) ** power
        for suffix, power in zip("numkMGTPE", (-9, -6, -3, 3, 6, 9, 12, 15, 18), strict=True)
    },
    **{f"{suffix}i": Fraction(1024) ** power for power, suffix in enumerate("KMGTPE", 1)},
}

LONGEST = 64
"""Characters of a quantity. No number that a node could hold needs more."""


def parse_quantity(written: Quantity) -> Fraction:
    """The exact value, in units: neither capped at 2^63-1 nor rounded up to a nano, as the API server's is.

    Source: k8s.io/apimachinery v0.37.2, pkg/api/resource/quantity.go. Suffixes without a number (`Gi`), which are 0
    there, exponents of more than three digits and texts that are longer than `LONGEST` are no quantities here.

    Raises:
        ValueError: it is no quantity. The words follow what is written.
    """
    return _parsed(written if isinstance(written, str) else repr(written))


@functools.lru_cache(4096)
def _parsed(text: str) -> Fraction:
    match = _FORM.fullmatch(text.strip(" \t\r\n")) if len(text) <= LONGEST else None
    if match is None:
        raise ValueError("is no quantity, like 500m or 1Gi")
    number, suffix, exponent = match.groups()
    return Fraction(number) * (_SUFFIXES[suffix] if suffix else Fraction(10) ** int(exponent or 0))

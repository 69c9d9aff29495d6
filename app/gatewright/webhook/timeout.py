"""How long a review may take: what the API server gives, less what its rounding and the way back need."""

import functools
import re
from urllib.parse import parse_qs

DEFAULT = 10.0
"""Seconds that a webhook configuration gives where it names none."""

LONGEST = 30.0
"""Seconds that a webhook configuration can give at most; anybody else may ask for more."""

_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9}
_PART = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(h|ms|m|s|us|µs|μs|ns)", re.ASCII)


@functools.lru_cache(64)
def budget(query: bytes) -> float:
    """Seconds from the arrival of a request to our own deadline.

    The API server rounds the time that is left up to a second, so ours is a second less than it says, or a half.

    Args:
        query: of the request's URL; `timeout=10s` is a Go duration. One that is none counts as not given.
    """
    given = parse_qs(query.decode("ascii", "replace")).get("timeout", [""])[-1]
    seconds = min(_seconds(given) or DEFAULT, LONGEST)
    return max(seconds - 1, seconds / 2)


def _seconds(duration: str) -> float:
    """A Go duration (`1m30s`, `500ms`) in seconds; 0 where it is none."""
    parts = _PART.findall(duration)
    if "".join(number + unit for number, unit in parts) != duration:
        return 0.0
    return sum(float(number) * _UNITS[unit] for number, unit in parts)

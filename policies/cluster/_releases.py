"""Which minors of Kubernetes get patches: the newest three, each for about 14 months, the last two for what is grave.

Release dates are those of the announcements (kubernetes.io/blog) and of the release team's calendar
(github.com/kubernetes/sig-release). Ends of life of v1.28 to v1.31 are from data/releases/eol.yaml of
github.com/kubernetes/website, of v1.33 and later as kubernetes.io/releases/1.N announced them beforehand: upstream
may have moved one. That of v1.32 was not found and is reckoned by the usual rule, the 28th of the fourteenth month.
"""

import re
from datetime import date
from typing import NamedTuple

from gatewright.policy import KubernetesVersion, V


class Release(NamedTuple):
    """When a minor was released, and the last day on which it is supported."""

    released: date
    end_of_life: date


AS_OF = date(2026, 9, 15)
"""The day that the pages were of."""

RELEASES = {
    V(1, 28): Release(date(2023, 8, 15), date(2024, 10, 22)),
    V(1, 29): Release(date(2023, 12, 13), date(2025, 2, 28)),
    V(1, 30): Release(date(2024, 4, 17), date(2025, 7, 15)),
    V(1, 31): Release(date(2024, 8, 13), date(2025, 11, 11)),
    V(1, 32): Release(date(2024, 12, 11), date(2026, 2, 28)),
    V(1, 33): Release(date(2025, 4, 23), date(2026, 6, 28)),
    V(1, 34): Release(date(2025, 8, 27), date(2026, 10, 27)),
    V(1, 35): Release(date(2025, 12, 17), date(2027, 2, 28)),
    V(1, 36): Release(date(2026, 4, 22), date(2027, 6, 28)),
    V(1, 37): Release(date(2026, 8, 26), date(2027, 10, 28)),
}

_FORM = re.compile(r"v?1\.(0|[1-9][0-9]{0,3})(?![0-9A-Za-z_])")


def minor_of(version: str) -> KubernetesVersion | None:
    """The minor of a gitVersion, whatever a vendor puts behind it (`v1.36.2-gke.100`); None for another form."""
    match = _FORM.match(version)
    return V(1, int(match[1])) if match else None

"""Kubernetes' minor versions: `V(1, 35)`, `v1.35`, `latest`."""

import re
from typing import NamedTuple

LATEST = "latest"
_FORM = re.compile(r"v1\.(0|[1-9][0-9]{0,17})")


class KubernetesVersion(NamedTuple):
    """A minor release; ordered, written `v1.35`."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"v{self.major}.{self.minor}"


V = KubernetesVersion
NEWEST = V(1, 37)
"""The newest minor whose rules are known here; a version beyond it means this one, as upstream's registry has it."""


def parse_version(text: str, latest: KubernetesVersion = NEWEST) -> KubernetesVersion:
    """The version that `latest` or `v1.N` names, at most NEWEST (k8s.io/pod-security-admission api/helpers.go).

    Raises:
        ValueError: any other form; the message is upstream's.
    """
    if text == LATEST:
        return latest
    match = _FORM.fullmatch(text)
    if not match:
        raise ValueError('must be "latest" or "v1.x"')
    return min(V(1, int(match[1])), NEWEST)

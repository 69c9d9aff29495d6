"""The cluster runs a release of Kubernetes that gets patches, and its nodes fit it.

Fields:  version and nodes[*].kubeletVersion of a Cluster
Allowed: a minor that is supported for `warnDays` more and was released within `maxAgeMonths`; kubelets that are not
         newer than the server and at most three minors older (two, before v1.25)
Why:     only the newest three minors get fixes of vulnerabilities, each for about 14 months. What is known of them is
         a table of this version of gatewright, which tells when it is too old to be believed; `releases` adds to it,
         and goes before it: a vendor may support a minor for longer.
Source:  kubernetes.io/releases, "Version Skew Policy" and "Patch Releases"
Maps:    NSA/CISA "Upgrading and application security practices"; OWASP K10 (2022)
"""

from datetime import date, timedelta
from typing import Annotated

from pydantic import AfterValidator

from gatewright.policy import Cluster, Day, KubernetesVersion, Params, Severity, V, Violation, Violations, policy, quote

from ._releases import AS_OF, RELEASES, Release, minor_of


def _minor(text: str) -> str:
    minor = minor_of(text)
    if str(minor) != text:
        raise ValueError("must be a minor like v1.37")
    return text


class Dates(Params):
    """When a minor was released, and the last day on which it gets patches."""

    released: Day
    end_of_life: Day


class ClusterFreshness(Params):
    """`maxAgeMonths`: since the minor's release. `warnDays`: before its end of life. `releases`: dates by minor,
    e.g. `v1.37: {released: 2026-08-26, endOfLife: 2027-10-28}`."""

    max_age_months: int = 9
    warn_days: int = 60
    releases: dict[Annotated[str, AfterValidator(_minor)], Dates] = {}


LEARN = "set releases, or update gatewright"
"""What to do where this table does not tell."""


@policy(severity=Severity.HIGH)
def cluster_freshness(cluster: Cluster, params: ClusterFreshness, today: date) -> Violations:
    server = minor_of(cluster.version)
    if server is None:
        message = f"the server's version {quote(cluster.version)} is none of Kubernetes, whose support is known"
        yield Violation(cluster, "version", message, severity=Severity.MEDIUM)
        return
    own = {V(1, int(minor[3:])): Release(dates.released, dates.end_of_life) for minor, dates in params.releases.items()}
    if found := _support(server, RELEASES | own, params, today):
        severity, fate = found
        yield Violation(cluster, "version", f"the server runs {quote(cluster.version)}, {fate}", severity=severity)
    if server not in own and today > AS_OF + timedelta(days=365):
        message = f"what is known here of releases is of {AS_OF}, over a year ago: {LEARN}"
        yield Violation(cluster, "version", message, severity=Severity.LOW)
    for node in cluster.nodes:
        if misfit := _skew(minor_of(node.kubelet_version), server):
            message = f"node {quote(node.name)} runs kubelet {quote(node.kubelet_version)}, {misfit}"
            yield Violation(node, "kubeletVersion", message, severity=Severity.MEDIUM)


def _support(
    server: KubernetesVersion, releases: dict[KubernetesVersion, Release], params: ClusterFreshness, today: date
) -> tuple[Severity, str] | None:
    """What is wrong with a server's minor, and how much."""
    newest = max((minor for minor in releases if releases[minor].released <= today), default=server)
    remedy = f"upgrade to {newest}" if newest > server else "upgrade to a newer minor"
    if server < min(releases):
        return Severity.HIGH, f"which gets no patches any more: {remedy}"
    if server not in releases:
        return Severity.LOW, f"of which nothing was known here on {AS_OF}: {LEARN}"
    released, end = releases[server]
    left = (end - today).days
    if left < 0:
        return Severity.HIGH, f"which gets no patches since {end}: {remedy}"
    if left < params.warn_days:
        days = "1 day" if left == 1 else f"{left} days"
        return Severity.MEDIUM, f"which gets patches for {days} more, until {end}: {remedy}"
    if _months(released, today) >= params.max_age_months:
        age = f"a minor of {released}, more than {params.max_age_months} months ago"
        return Severity.MEDIUM, f"{age}, which gets patches until {end}: {remedy}"
    return None


def _months(first: date, last: date) -> int:
    """How many whole months lie between two days, neither counted."""
    return (last.year - first.year) * 12 + last.month - first.month - (last.day <= first.day)


def _skew(kubelet: KubernetesVersion | None, server: KubernetesVersion) -> str:
    """How a kubelet does not fit its server, if it does not."""
    if kubelet is None:
        return "which is no version of Kubernetes"
    if kubelet > server:
        return f"newer than its server ({server}): upgrade the server first"
    behind, most = server.minor - kubelet.minor, 3 if kubelet >= V(1, 25) else 2
    return f"{behind} minors older than its server ({server}), of at most {most}: upgrade it" if behind > most else ""

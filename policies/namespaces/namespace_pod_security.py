"""A namespace says its pod-security level, and keeps it.

Fields:  metadata.labels[pod-security.kubernetes.io/enforce] and [pod-security.kubernetes.io/enforce-version] of a
         Namespace; where `allowedUsers` or `allowedGroups` is set, the labels of audit and warn as well
Allowed: a new namespace has the level `minimum` or a higher one. Later neither the level nor the version becomes
         lower, and where it is said who may change the labels, nobody else does; those may lower them too. A level
         that does not exist counts as restricted, as for the API server, a missing version as latest
Why:     whoever lowers the level of a namespace runs in it what is denied there: privileged pods, and with them the
         node.
Source:  KEP-2579; k8s.io/pod-security-admission, api/helpers.go
Maps:    CIS 5.2.1; OWASP K01
"""

from typing import Literal

from gatewright.policy import (
    Globs,
    KubernetesVersion,
    Namespace,
    Params,
    Set,
    Severity,
    User,
    Violation,
    Violations,
    parse_version,
    policy,
    quote,
)

from ._shared import is_one_of

PREFIX = "pod-security.kubernetes.io/"
LEVELS = ("privileged", "baseline", "restricted")


class NamespacePodSecurity(Params):
    """`minimum`: the lowest level of a new namespace. `allowedUsers`, `allowedGroups`: who may change the labels; where
    neither is set, everybody may, but not lower them."""

    minimum: Literal["privileged", "baseline", "restricted"] = "baseline"
    allowed_users: Globs | None = None
    allowed_groups: Globs | None = None


@policy(severity=Severity.MEDIUM)
def namespace_pod_security(
    namespace: Namespace, params: NamespacePodSecurity, old: Namespace | None, user: User | None
) -> Violations:
    users, groups = params.allowed_users, params.allowed_groups
    if old is None:
        yield from _too_low(namespace, params.minimum)
    elif not is_one_of(user, users or Globs(), groups or Globs()):
        lowered = _lowered(namespace.labels, old.labels)
        if lowered:
            wrong = f"the pod-security {lowered} becomes lower, which is not for this user"
            key = PREFIX + ("enforce" if lowered == "level" else "enforce-version")
            yield Violation(namespace.metadata, ("labels", key), wrong, severity=Severity.HIGH)
        elif users is not None or groups is not None:
            for key in sorted(key for key in namespace.labels.keys() | old.labels.keys() if key.startswith(PREFIX)):
                if namespace.labels.get(key) != old.labels.get(key):
                    wrong = f"label {quote(key)} is not for this user to change"
                    yield Violation(namespace.metadata, ("labels", key), wrong)


def _too_low(namespace: Namespace, minimum: str) -> Violations:
    level = namespace.labels.get(PREFIX + "enforce")
    if level is None or _rank(level) < LEVELS.index(minimum):
        wrong = "no pod-security level is set" if level is None else f"its pod-security level is lower than {minimum}"
        yield Violation(namespace.metadata, ("labels", f"{PREFIX}enforce"), wrong, fix=Set(minimum))


def _lowered(new: dict[str, str], old: dict[str, str]) -> str:
    """What of the level that is enforced became lower, if anything did."""
    before, after = _rank(old.get(PREFIX + "enforce")), _rank(new.get(PREFIX + "enforce"))
    if after < before:
        return "level"
    key = PREFIX + "enforce-version"
    return "version" if before and _version(new.get(key)) < _version(old.get(key)) else ""


def _rank(level: str | None) -> int:
    return 0 if level is None else LEVELS.index(level) if level in LEVELS else len(LEVELS) - 1


def _version(text: str | None) -> KubernetesVersion:
    try:
        return parse_version("latest" if text is None else text)
    except ValueError:
        return parse_version("latest")

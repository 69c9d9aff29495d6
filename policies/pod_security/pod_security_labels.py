"""A namespace's pod-security labels say something that exists.

Fields:  metadata.labels[pod-security.kubernetes.io/{enforce,audit,warn}] and
         metadata.labels[pod-security.kubernetes.io/{enforce,audit,warn}-version]
Allowed: unset; a level: privileged, baseline or restricted; a version: latest or v1.N. Other labels are ignored
Why:     a misspelt level or version is not the one that was meant, and nobody notices.
Source:  KEP-2579; k8s.io/pod-security-admission, api/helpers.go and admission/admission.go
"""

from gatewright.policy import Namespace, Set, Severity, Violation, Violations, parse_version, policy, quote

PREFIX = "pod-security.kubernetes.io/"
LEVELS = ("privileged", "baseline", "restricted")


@policy(severity=Severity.MEDIUM)
def pod_security_labels(namespace: Namespace) -> Violations:
    for mode in ("enforce", "audit", "warn"):
        level = namespace.labels.get(key := PREFIX + mode)
        if level is not None and level not in LEVELS:
            meant, error = level.lower(), f"must be one of {', '.join(LEVELS)}"
            yield _invalid(namespace, key, level, error, Set(meant) if meant in LEVELS else None)
        version = namespace.labels.get(key := f"{PREFIX}{mode}-version")
        if version is not None and (error := _error(version)):
            meant = f"v{version}"
            yield _invalid(namespace, key, version, error, None if _error(meant) else Set(meant))


def _invalid(namespace: Namespace, key: str, value: str, error: str, fix: Set | None) -> Violation:
    return Violation(namespace.metadata, ("labels", key), f"Invalid value: {quote(value)}: {error}", fix=fix)


def _error(version: str) -> str:
    """What is wrong with a version, if anything is."""
    try:
        parse_version(version)
    except ValueError as error:
        return str(error)
    return ""

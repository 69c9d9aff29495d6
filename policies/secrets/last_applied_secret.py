"""A Secret's annotations do not repeat its values.

Fields:  metadata.annotations[kubectl.kubernetes.io/last-applied-configuration] of a Secret
Allowed: unset, or without values in data and stringData
Why:     tools that hide a Secret's data show its annotations; kubectl apply puts the whole Secret into one, and a value
         that was changed since by others is kept there.
Source:  Kubernetes, "Declarative Management of Kubernetes Objects Using Configuration Files"
Maps:    OWASP K08
"""

import json

from gatewright.policy import REMOVE, Secret, Severity, Violation, Violations, find, policy

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


@policy(severity=Severity.MEDIUM)
def last_applied_secret(secret: Secret) -> Violations:
    applied = _read(secret.metadata.annotations.get(LAST_APPLIED, ""))
    values = [find(applied, (field,)) for field in ("data", "stringData")]
    if any(any(value.values()) for value in values if isinstance(value, dict)):
        message = f"annotation {LAST_APPLIED} repeats the Secret's values; use kubectl apply --server-side"
        yield Violation(secret.metadata, ("annotations", LAST_APPLIED), message, fix=REMOVE)


def _read(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None  # what is no JSON, kubectl did not write

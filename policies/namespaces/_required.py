"""What labels or annotations an object must have, and on which kinds."""

from collections.abc import Mapping
from typing import Literal, get_args

from gatewright.policy import Params, Pattern, Resource, Violation, Violations, fits, quote

Kind = Literal[
    "ConfigMap", "CronJob", "DaemonSet", "Deployment", "GRPCRoute", "HTTPRoute", "Ingress", "Job", "Namespace",
    "NetworkPolicy", "PersistentVolume", "PersistentVolumeClaim", "Pod", "ReplicaSet", "ReplicationController",
    "Secret", "Service", "ServiceAccount", "StatefulSet", "TLSRoute",
]  # fmt: skip

GROUPS = {
    **dict.fromkeys(("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"), "apps"),
    **dict.fromkeys(("CronJob", "Job"), "batch"),
    **dict.fromkeys(("Ingress", "NetworkPolicy"), "networking.k8s.io"),
    **dict.fromkeys(("GRPCRoute", "HTTPRoute", "TLSRoute"), "gateway.networking.k8s.io"),
}

KINDS = frozenset(f"{kind}.{GROUPS[kind]}" if kind in GROUPS else kind for kind in get_args(Kind))
"""What a person labels, and a webhook that has other policies is asked about anyway, but for volume claims. Kinds that
controllers write by the minute, such as Events, Leases and EndpointSlices, are not among them."""


class Value(Params):
    """What a value must be: `pattern` is a regular expression (RE2) of the whole of it."""

    pattern: Pattern


Keys = dict[str, Value | None] | list[str]
"""Keys that must be there: a list, or what the value of each must be, null for any."""


def missing(resource: Resource, field: str, there: Mapping[str, str], keys: Keys) -> Violations:
    """The keys that an object does not have, or with another value, which is not repeated.

    Args:
        resource: the object.
        field: of its metadata: labels or annotations.
        there: what the field has.
        keys: what it must have.
    """
    for key, value in (keys if isinstance(keys, dict) else dict.fromkeys(keys)).items():
        found = there.get(key, "").strip()
        if not found:
            wrong = f"{field[:-1]} {quote(key)} is missing or empty"
        elif value is not None and not fits(value.pattern, found):
            wrong = f"{field[:-1]} {quote(key)} does not match {quote(value.pattern)}"
        else:
            continue
        yield Violation(resource.metadata, (field, key), wrong)

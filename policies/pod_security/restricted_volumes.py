"""Volumes are of the types that reach neither the node nor storage past a claim.

Fields:  spec.volumes[*]
Allowed: configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected, secret, or a type
         in `allowed`; a volume of no type is an emptyDir
Why:     a claim is granted by the cluster; a hostPath, or a server and export written into the pod, is taken.
Source:  KEP-2579; Pod Security Standards, restricted, "Volume Types"; since 1.0
"""

from gatewright.policy import Globs, Level, Params, Pod, Severity, Violation, Violations, find, policy, quote

TYPES = frozenset(
    {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
    }
)


class RestrictedVolumes(Params):
    """`allowed`: types of volumes beside those of the restricted level, e.g. `[nfs]`."""

    allowed: Globs = Globs()


@policy(
    severity=Severity.MEDIUM,
    level=Level.RESTRICTED,
    reason="restricted volume types",
    alias="restrictedVolumes",
    overrides="host-path-volumes",
)
def restricted_volumes(pod: Pod, params: RestrictedVolumes) -> Violations:
    for index, volume in enumerate(pod.spec.volumes):
        sources = volume.sources or _unknown(pod, index)
        if not TYPES.isdisjoint(sources) or any(params.allowed.match(source) for source in sources):
            continue
        for source in sources:
            message = f"volume {quote(volume.name)} must not be of type {quote(source)}"
            severity = Severity.HIGH if source == "hostPath" else Severity.MEDIUM
            yield Violation(volume, (source,), message, severity=severity)


def _unknown(pod: Pod, index: int) -> tuple[str, ...]:
    """The sources of a volume that have no model: of a newer Kubernetes, or misspelt in a file."""
    volume = find(pod.raw, ("spec", "volumes", index)) or {}
    return tuple(key for key, value in volume.items() if key != "name" and value is not None)

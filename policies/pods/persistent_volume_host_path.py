"""PersistentVolumes are not files of a node.

Fields:  spec.hostPath and spec.local of a PersistentVolume
Allowed: unset
Why:     a claim is allowed where a hostPath is not, even at the restricted level: such a volume carries the node's
         files past the rules on pods.
Source:  Pod Security Standards, restricted, "Volume Types"
"""

from gatewright.policy import PersistentVolume, Severity, Violation, Violations, policy, quote


@policy(severity=Severity.HIGH)
def persistent_volume_host_path(volume: PersistentVolume) -> Violations:
    sources = {"hostPath": volume.spec.host_path, "local": volume.spec.local}
    for field, source in sources.items():
        if source is not None:
            message = f'the volume must not be of type "{field}", which is {quote(source.path)} of a node'
            yield Violation(volume, f"spec.{field}", message)

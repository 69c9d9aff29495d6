"""Pods do not mount files of their node.

Fields:  spec.volumes[*].hostPath
Allowed: unset
Why:     a hostPath reaches the node's credentials, its container runtime and the volumes of other pods.
Source:  KEP-2579; Pod Security Standards, baseline, "HostPath Volumes"; since 1.0
"""

from gatewright.policy import Level, Pod, Severity, Violation, Violations, policy, quote


@policy(severity=Severity.HIGH, level=Level.BASELINE, reason="hostPath volumes", alias="hostPathVolumes")
def host_path_volumes(pod: Pod) -> Violations:
    for volume in pod.spec.volumes:
        if volume.host_path is not None:
            yield Violation(volume, "hostPath", f'volume {quote(volume.name)} must not be of type "hostPath"')

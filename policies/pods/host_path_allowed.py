"""Pods mount only those files of their node that are allowed.

Fields:  spec.volumes[*].hostPath.path; containers[*].volumeMounts[*].readOnly, in every container list
Allowed: a path at or below a `prefix` of `allowed`, name by name: /var/log is no prefix of /var/logs. Where every such
         prefix says `readOnly`, each mount does too; a volume that nothing mounts need not. Never a path with `..`, or
         through /proc/<pid>/root, whatever the prefix. In a Windows pod `\\` is `/`, and case counts
Why:     a hostPath reaches the node's credentials, its container runtime and the volumes of other pods. What can be
         written to below a prefix can become a symlink that leads out of it: allow as little as that takes.
Source:  Pod Security Standards, baseline, "HostPath Volumes"
Maps:    CIS 5.2.12
"""

from gatewright.policy import Params, Pod, Set, Severity, Violation, Violations, policy, quote

from ._shared import leads_anywhere, names


class AllowedHostPath(Params):
    """`prefix`: a directory or file of the node. `readOnly`: whether it may only be read."""

    prefix: str = ""
    read_only: bool = False

    def holds(self, way: tuple[str, ...]) -> bool:
        """Whether a path is at the prefix or below it; nothing is below an empty one, all is below `/`."""
        prefix = names(self.prefix.replace("\\", "/"))
        return bool(self.prefix) and way[: len(prefix)] == prefix


class HostPathAllowed(Params):
    """`allowed`: what may be mounted, e.g. `[{prefix: /var/log, readOnly: true}]`."""

    allowed: list[AllowedHostPath] = []


@policy(severity=Severity.HIGH, overrides="host-path-volumes")
def host_path_allowed(pod: Pod, params: HostPathAllowed) -> Violations:
    for volume in pod.spec.volumes:
        if volume.host_path is None:
            continue
        path = volume.host_path.path
        holding = _holding(path.replace("\\", "/") if pod.is_windows else path, params.allowed)
        if not holding:
            message = f"volume {quote(volume.name)} is {quote(path)} of the node, which is not allowed"
            yield Violation(volume, "hostPath.path", message)
        elif all(one.read_only for one in holding):
            yield from _written(pod, volume.name)


def _holding(path: str, allowed: list[AllowedHostPath]) -> list[AllowedHostPath]:
    """Those that a path is at or below. A backslash that is left would be a slash on a Windows node."""
    way = names(path)
    return [] if "\\" in path or leads_anywhere(way) else [one for one in allowed if one.holds(way)]


def _written(pod: Pod, volume: str) -> Violations:
    for container in pod.containers:
        for mount in container.volume_mounts:
            if mount.name == volume and not mount.read_only:
                message = f"{container.label} must mount volume {quote(volume)} read-only"
                yield Violation(mount, "readOnly", message, fix=Set(True))

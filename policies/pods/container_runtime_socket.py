"""No volume leads to the socket of a node's container runtime.

Fields:  spec.volumes[*].hostPath.path; of a PersistentVolume spec.hostPath.path and spec.local.path
Allowed: a path that is neither at, above nor below a socket of docker, containerd, its shims, cri-o or podman, below
         /run and below /var/run alike, those of a user's own below /run/user/<uid> too, and is no pipe of theirs on
         Windows. `..` and /proc/<pid>/root are taken to lead there. Where symlinks of the node lead to is not known
Why:     whoever speaks to the runtime starts what they like on the node, past the API server and all of its rules.
         Read-only makes no difference to a socket.
Source:  the endpoints that kubeadm, k3s, RKE2, k0s, MicroK8s and the runtimes themselves have by default
"""

from collections.abc import Iterator

from gatewright.policy import PersistentVolume, Pod, Severity, Violation, Violations, policy, quote

from ._shared import leads_anywhere, names

BELOW_RUN = (
    "containerd/containerd.sock",
    "containerd/containerd.sock.ttrpc",
    "containerd/s",  # one socket a pod: of the shim that starts processes in its containers
    "cri-dockerd.sock",
    "crio/crio.sock",
    "docker.sock",
    "docker/containerd/containerd.sock",
    "dockershim.sock",
    "k0s/containerd.sock",
    "k3s/containerd/containerd.sock",
    "nri/nri.sock",  # whose plugins change any container of containerd and cri-o before it starts
    "podman/podman.sock",
    "user/*/docker.sock",
    "user/*/podman/podman.sock",
)
ANY = "*"
"""Stands for the id of a user, who has a runtime of their own."""

SOCKETS = (
    *(names(f"{run}/{socket}") for run in ("/run", "/var/run") for socket in BELOW_RUN),
    names("/var/snap/microk8s/common/run/containerd.sock"),
)

PIPES = {("pipe", name) for name in ("containerd-containerd", "cri-dockerd", "docker_engine", "dockershim")}
"""How a path to a pipe of Windows ends, whatever the case of its letters."""


@policy(severity=Severity.CRITICAL)
def container_runtime_socket(subject: Pod | PersistentVolume) -> Violations:
    if isinstance(subject, Pod):
        for volume in subject.spec.volumes:
            if volume.host_path and leads_to_a_socket(path := volume.host_path.path):
                yield Violation(volume, "hostPath.path", _message(f"volume {quote(volume.name)}", path))
        return
    for field, path in _paths(subject):
        if leads_to_a_socket(path):
            yield Violation(subject, field, _message("the volume", path))


def leads_to_a_socket(path: str) -> bool:
    """Whether a socket is at the path of a node, above or below it."""
    way = names(path)
    if leads_anywhere(way) or names(path.lower().replace("\\", "/"))[-2:] in PIPES:
        return True
    return any(all(there in {here, ANY} for here, there in zip(way, socket, strict=False)) for socket in SOCKETS)


def _paths(volume: PersistentVolume) -> Iterator[tuple[str, str]]:
    if volume.spec.host_path:
        yield "spec.hostPath.path", volume.spec.host_path.path
    if volume.spec.local:
        yield "spec.local.path", volume.spec.local.path


def _message(volume: str, path: str) -> str:
    return f"{volume} leads to the container runtime's socket by {quote(path)}"

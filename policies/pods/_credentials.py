"""What a pod can be given beside the token of its account: Secrets, and the files of its node that are credentials."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gatewright.policy import Container, Index, Pod, ServiceAccount, Volume, VolumeProjection, quote

from ._shared import leads_anywhere, names


class Taken(NamedTuple):
    """A Secret that a pod has, the field that says so, and how a message on it begins."""

    secret: str
    node: Container | Volume | VolumeProjection
    field: tuple[str | int, ...]
    by: str


def secrets_of(pod: Pod) -> Iterator[Taken]:
    """The Secrets of which the pod has the key `token`, under which that of a ServiceAccount is."""
    for volume in pod.spec.volumes:
        holds = f"volume {quote(volume.name)} holds"
        if volume.secret is not None:
            yield Taken(volume.secret.secret_name, volume, ("secret", "secretName"), holds)
        for source in volume.projected.sources if volume.projected else ():
            if source.secret is not None:
                yield Taken(source.secret.name, source, ("secret", "name"), holds)
    for container in pod.containers:
        takes = f"{container.label} takes"
        for index, variable in enumerate(container.env):
            key = variable.value_from.secret_key_ref
            if key is not None and key.key == "token":
                yield Taken(key.name, container, ("env", index, "valueFrom", "secretKeyRef", "name"), takes)
        for index, origin in enumerate(container.env_from):
            if origin.secret_ref is not None:
                yield Taken(origin.secret_ref.name, container, ("envFrom", index, "secretRef", "name"), takes)


def _namespace(account: ServiceAccount) -> Iterable[str]:
    return [account.namespace or ""] if account.secrets else ()


by_namespace = Index(ServiceAccount, _namespace)
"""The accounts of a namespace that list Secrets as their own: their tokens, as Kubernetes before 1.24 made one for
each. On most clusters there are none, which is quickly known."""


def way_of(path: str) -> tuple[str, ...]:
    """The names on the way to a file of a node; those of Windows' drive, where case does not count."""
    return names(path.replace("\\", "/").lower().removeprefix("c:"))


def leads_to_credentials(path: str, credentials: list[str], harmless: list[str]) -> bool:
    """Whether a path of a node is at, above or below one of `credentials`, and not at or below one of `harmless`."""
    way = way_of(path)
    if leads_anywhere(way):
        return True
    if any(way[: len(other)] == other for other in map(way_of, harmless)):
        return False
    return any(way[: len(other)] == other[: len(way)] for other in map(way_of, credentials))

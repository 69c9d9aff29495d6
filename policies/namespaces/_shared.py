"""What several policies on namespaces have in common: where a workload says its namespace, and who may do something."""

import re

from gatewright.policy import Globs, Metadata, Pod, User

_PLAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


def place(pod: Pod) -> Metadata:
    """The metadata whose `namespace` a person wrote: a template has none of its own."""
    return pod.workload or pod.metadata


def option(namespace: str) -> str:
    """The option of kubectl that names a namespace; none for what is no name, as a shell would read it."""
    return f" -n {namespace}" if _PLAIN.fullmatch(namespace) else ""


def is_one_of(user: User | None, users: Globs, groups: Globs) -> bool:
    """Whether somebody is one of the users, or in one of the groups; nobody in particular is not."""
    return user is not None and (users.match(user.name) or any(map(groups.match, user.groups)))

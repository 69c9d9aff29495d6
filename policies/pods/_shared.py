"""What several policies on pods have in common: how a path of a node is read."""

LINKS = frozenset({"cwd", "fd", "root"})
"""What links to other places below /proc/<pid>."""


def names(path: str) -> tuple[str, ...]:
    """The names on the way from the root: `//`, `.` and a slash at the end are nothing."""
    return tuple(name for name in path.split("/") if name not in {"", "."})


def leads_anywhere(way: tuple[str, ...]) -> bool:
    """Whether the way can end elsewhere than it says: by `..`, or through another process' view of the node.

    Windows takes `.. ` for `..`, so that a name of dots and spaces alone counts as that.
    """
    return not all(name.strip(". ") for name in way) or (way[:1] == ("proc",) and not LINKS.isdisjoint(way))

"""Shared libraries that programs need, and the Debian packages that files come from."""

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

_LINE = re.compile(r"^\t(?:(?P<name>\S+) => )?(?P<path>/\S+|not found)(?: \(0x[0-9a-f]+\))?$", re.M)

LOADED_LATER = ("libgcc_s.so.1",)
"""The C library opens it itself, when a thread ends early: nothing is linked to it for that."""


class Missing(Exception):
    """A library that a file needs and the base does not have."""


def needed(files: Iterable[Path]) -> set[Path]:
    """The shared libraries that programs and extension modules load, the loader included; as the loader finds them.

    Raises:
        Missing: one is not there.
    """
    told = subprocess.run(["ldd", *files], capture_output=True, text=True, check=False).stdout  # noqa: S607 - the base's
    found = {(match["path"], match["name"]) for match in _LINE.finditer(told)}
    if missing := sorted(name for path, name in found if path == "not found"):
        raise Missing(f"the base has no {', '.join(missing)}")
    libraries = {Path(path) for path, _ in found}
    beside = {library.parent for library in libraries}
    later = {folder / name for folder in beside for name in LOADED_LATER if (folder / name).exists()}
    return libraries | later


def owners(files: Iterable[Path]) -> tuple[list[str], list[Path]]:
    """The Debian packages (`libssl3t64:amd64`) that files belong to, and the files that belong to none."""
    missing = {str(file.parent.resolve() / file.name) for file in files}
    found = []
    for package in _told("--show", "--showformat=${binary:Package}\n").split():
        if own := missing & set(_told("--listfiles", package).splitlines()):
            found.append(package)
            missing -= own
    return found, [Path(path) for path in sorted(missing)]


def status(package: str) -> str:
    """What dpkg knows of an installed package: its paragraph in /var/lib/dpkg/status."""
    return _told("--status", package)


def _told(*arguments: str) -> str:
    return subprocess.run(["dpkg-query", *arguments], stdout=subprocess.PIPE, text=True, check=True).stdout  # noqa: S607 - the base's

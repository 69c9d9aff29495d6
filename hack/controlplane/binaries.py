"""Where the programs are: those that somebody names, those that are here already, else those that are built."""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from controlplane.build import CACHE, NAMES, VERSION, build
from controlplane.failure import Failed

ASSETS = "KUBEBUILDER_ASSETS"
"""The variable that names a folder of programs, as in other projects that test against an API server."""

ASSETS_HAVE = ("kube-apiserver", "etcd", "kubectl")
"""What such a folder always has; kube-controller-manager is rarely among it."""


def find(environment: Mapping[str, str] = os.environ) -> dict[str, Path]:
    """The program of each name in `NAMES`; what is nowhere is built, which takes minutes and tells of its progress.

    Raises:
        Failed: the folder that the environment names is incomplete, or a program could not be built.
    """
    found = _present(environment)
    if missing := [name for name in NAMES if name not in found]:
        build(missing)
        found = _present(environment)
    return found


def _present(environment: Mapping[str, str]) -> dict[str, Path]:
    places = [CACHE, *_setup_envtest(environment)]
    if named := environment.get(ASSETS):
        absent = [name for name in ASSETS_HAVE if not _is_program(Path(named, name))]
        if absent:
            raise Failed(f"{ASSETS}={named}: no {', '.join(absent)} in it; name a folder that has them, or unset it")
        places.insert(0, Path(named).resolve())
    found: dict[str, Path] = {}
    for name in NAMES:
        for place in places:
            if _is_program(place / name):
                found.setdefault(name, place / name)
    return found


def _setup_envtest(environment: Mapping[str, str]) -> Iterator[Path]:
    """Where setup-envtest keeps releases of this minor, newest first.

    Its README says where: k8s/1.37.0-linux-amd64 and the like below the user's data folder.
    """
    home = environment.get("HOME", "/")
    if sys.platform == "darwin":
        store = Path(home, "Library", "Application Support", "io.kubebuilder.envtest")
    else:
        store = Path(environment.get("XDG_DATA_HOME") or Path(home, ".local", "share"), "kubebuilder-envtest")
    minor = ".".join(VERSION.removeprefix("v").split(".")[:2])
    releases = [(int(match[1]), path) for path in store.glob(f"k8s/{minor}.*") if (match := _RELEASE.search(path.name))]
    yield from (path for _, path in sorted(releases, reverse=True))


_RELEASE = re.compile(r"^1\.\d+\.(\d+)-\w+-\w+$")


def _is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)

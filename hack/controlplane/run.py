"""The folder that a control plane runs in: what lies there, and which processes belong to it."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from controlplane.failure import Failed
from controlplane.processes import Process

STATE = "state.json"
PARTIAL = ".state.json"
CERTIFICATES = ("admin", "ca", "kube-apiserver", "kube-controller-manager")
LOGS = ("etcd.log", "kube-apiserver.log", "kube-controller-manager.log")
CONTENTS = (
    PARTIAL,
    "audit-policy.json",
    "audit.log",
    "etcd",
    "etcd.sock",
    "kubectl-cache",
    "kubeconfig",
    "kube-controller-manager.kubeconfig",
    "peer.sock",
    "service-accounts.key",
    "service-accounts.pub",
    "tokens.csv",
    *(f"{name}.crt" for name in CERTIFICATES),
    *(f"{name}.key" for name in CERTIFICATES),
    *LOGS,
    STATE,
)
"""All that is ever written into a run's folder, the mark that it is ours last; what else lies there stays there."""


@dataclass
class Run:
    """What was started in a folder."""

    url: str
    version: str = ""
    """What the API server tells; empty as long as it was not ready."""
    emulate: str = ""
    disable: list[str] = field(default_factory=list)
    kubectl: str = ""
    processes: dict[str, Process] = field(default_factory=dict)

    @property
    def is_up(self) -> bool:
        """Whether it has been ready and all of its processes run."""
        return bool(self.version) and all(process.is_alive for process in self.processes.values())

    def save(self, folder: Path) -> None:
        """Writes it, whole or not at all."""
        (folder / PARTIAL).write_text(json.dumps(asdict(self), indent=2) + "\n")
        (folder / PARTIAL).replace(folder / STATE)


def load(folder: Path) -> Run | None:
    """What was started in a folder and not ended with `down`; it may have died since.

    Raises:
        Failed: the folder's file is not one of ours.
    """
    try:
        told = json.loads((folder / STATE).read_text())
        processes = {name: Process(p["pid"], tuple(p["command"])) for name, p in told.pop("processes").items()}
        return Run(**told, processes=processes)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Failed(f"{folder / STATE}: not a control plane's; remove it or name another folder") from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Makes a folder that only this user may read, and lets one process at a time be inside.

    Raises:
        Failed: somebody else's files lie there.
    """
    while True:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX)
            if not (folder.exists() and os.path.samestat(folder.stat(), os.fstat(opened))):
                continue  # who was inside has removed it
            if not (folder / STATE).exists() and any(folder.iterdir()):
                raise Failed(f"{folder}: not empty, and not a control plane's; name another folder")
            yield
            return
        finally:
            os.close(opened)


def clear(folder: Path) -> None:
    """Removes what a run has written."""
    for name in CONTENTS:
        if (folder / name).is_dir():
            shutil.rmtree(folder / name)
        else:
            (folder / name).unlink(missing_ok=True)


def remove(folder: Path) -> None:
    """Removes what a run has written, and its folder where nothing else lies in it."""
    clear(folder)
    with suppress(OSError):
        folder.rmdir()

"""A control plane of programs that stand in for the real ones."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from controlplane import lifecycle, servers
from controlplane.failure import Failed

from tests.unit.hack.programs import program

NAMES = ("etcd", "kube-apiserver", "kube-controller-manager")

SLEEP = "import time; time.sleep(60)"

KUBECTL = """
for name in KUBECONFIG KUBECACHEDIR KUBERC KUBE_EDITOR LC_ALL READERS; do eval "echo $name=\\$$name"; done
echo "$@"
cat
for argument; do [ "$argument" != fail ] || { echo "Error from server (Forbidden): no" >&2; exit 1; }; done
"""


class Starting:
    """Ready at once, unless `fails` says when it is not."""

    fails = ""

    def __init__(self, folder: Path, port: int) -> None:
        assert folder.is_dir()
        assert port

    def wait_for_api(self, started: lifecycle.Servers) -> str:
        assert tuple(started) == NAMES[:2]
        if self.fails == "api":
            raise Failed("the API server is not ready")
        return "v1.37.2"

    def wait_for_controllers(self, started: lifecycle.Servers) -> None:
        assert tuple(started) == NAMES
        if self.fails == "controllers":
            raise KeyboardInterrupt


def binaries(folder: Path) -> dict[str, Path]:
    """What `stand_in` runs as servers, and a kubectl that tells what it was given."""
    return dict.fromkeys(NAMES, Path(sys.executable)) | {"kubectl": program(folder / "kubectl", KUBECTL)}


def stand_in(monkeypatch: pytest.MonkeyPatch, fails: str = "") -> None:
    """Has lifecycle.start run processes that sleep, neither reserve a port nor ask anybody."""

    @contextmanager
    def reserved(port: int) -> Iterator[int]:
        yield port or 6443

    def arguments(folder: Path, *_: object) -> tuple[str, ...]:
        return ("-c", SLEEP, str(folder))

    for name in NAMES:
        monkeypatch.setattr(servers, name.replace("-", "_"), arguments)
    monkeypatch.setattr(lifecycle, "_reserved", reserved)
    monkeypatch.setattr(lifecycle, "Starting", type("Never", (Starting,), {"fails": fails}))


def log(folder: Path, *events: object) -> None:
    """An audit log whose last event is still being written."""
    (folder / "audit.log").write_text("".join(f"{json.dumps(event)}\n" for event in events) + '{"verb": "cre')

"""A control plane of programs that stand in for the real ones."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from controlplane import lifecycle
from controlplane.failure import Failed
from tests.unit.hack.programs import program

NAMES = ("etcd", "kube-apiserver", "kube-controller-manager")

KUBECTL = """
for name in KUBECONFIG KUBECACHEDIR KUBERC KUBE_EDITOR LC_ALL READERS; do eval "echo $name=\\$$name"; done
echo "$@"
cat
[ "$2" != fail ] && [ "$3" != fail ] || { echo "Error from server (Forbidden): no" >&2; exit 1; }
"""


class Starting:
    """Ready at once, unless `fails` says when it is not."""

    fails = ""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        assert port == 6443

    def wait_for_api(self, servers: lifecycle.Servers) -> str:
        assert list(servers) == ["etcd", "kube-apiserver"]
        if self.fails == "api":
            raise Failed("the API server is not ready")
        return "v1.37.2"

    def wait_for_controllers(self, servers: lifecycle.Servers) -> None:
        assert tuple(servers) == NAMES
        if self.fails == "controllers":
            raise KeyboardInterrupt


def binaries(folder: Path) -> dict[str, Path]:
    """Servers that sleep, and a kubectl that tells what it was given."""
    found = {name: program(folder / name, "exec sleep 60") for name in NAMES}
    return found | {"kubectl": program(folder / "kubectl", KUBECTL)}


def stand_in(monkeypatch: pytest.MonkeyPatch, fails: str = "") -> None:
    """Has lifecycle.start neither reserve a port nor ask anybody."""

    @contextmanager
    def reserved(port: int) -> Iterator[int]:
        yield port or 6443

    monkeypatch.setattr(lifecycle, "_reserved", reserved)
    monkeypatch.setattr(lifecycle, "Starting", type("Never", (Starting,), {"fails": fails}))


def events(folder: Path, *told: object) -> None:
    """An audit log whose last event is being written."""
    (folder / "audit.log").write_text("".join(f"{json.dumps(event)}\n" for event in told) + '{"verb": "cre')

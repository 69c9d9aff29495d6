import json
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
import service
from controlplane import Failed, Plane

ARGUMENTS = [
    "serve",
    "--host=0.0.0.0",
    "--health-host=0.0.0.0",
    "--config=/etc/gatewright/gatewright.yaml",
    "--in-cluster",
    "--drain=0",
]
LINE = {"msg": "registered"}


class Applied:
    """A plane on which deploy/ is, as kubectl tells."""

    url = "https://127.0.0.1:6443"
    ca = Path("ca.crt")

    def __init__(self, arguments: list[str]) -> None:
        volumes = [{"name": "a", "configMap": {"name": "configuration-x"}}, {"name": "b", "emptyDir": {}}]
        template = {"spec": {"volumes": volumes, "containers": [{"args": arguments}]}}
        self.objects: dict[str, Any] = {
            "service": {"spec": {"clusterIP": "127.9.9.9"}},
            "deployment": {"spec": {"template": template}},
            "configmap": {"data": {"gatewright.yaml": "profile: observe\n"}},
        }
        self.typed: list[tuple[str, ...]] = []

    def kubectl(self, *arguments: str, check: bool = False) -> subprocess.CompletedProcess[str]:
        assert check
        self.typed.append(arguments)
        answer = json.dumps(self.objects[arguments[1]]) if arguments[0] == "get" else "a.b.c\n"
        return subprocess.CompletedProcess(arguments, 0, answer, "")


def started(folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> tuple[Applied, list[str], Any]:
    """The plane, the command, and the other arguments that the program is started with."""
    calls: list[tuple[list[str], dict[str, Any]]] = []
    real = subprocess.Popen

    def start(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        calls.append((command, options))
        stand_in = f"import time; print({json.dumps(json.dumps(LINE))}, flush=True); time.sleep(60)"
        return real([sys.executable, "-c", stand_in], **options)

    monkeypatch.setattr(subprocess, "Popen", start)
    plane = Applied(arguments)
    with service.pod(cast("Plane", plane), folder) as running:
        assert running.is_ready()
    assert running.process.poll() is not None
    [(command, options)] = calls
    return plane, command, options


def test_it_is_started_as_its_pod_would_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, command, _ = started(tmp_path, monkeypatch, ARGUMENTS)
    assert command[1:] == [
        "-m",
        "gatewright",
        "serve",
        "--host=127.9.9.9",
        "--health-host=127.9.9.9",
        f"--config={tmp_path}/gatewright.yaml",
        f"--kubeconfig={tmp_path}/kubeconfig",
        "--drain=0",
    ]
    assert (tmp_path / "gatewright.yaml").read_text() == "profile: observe\n"


def test_its_token_outlasts_the_cluster_and_is_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plane, _, _ = started(tmp_path, monkeypatch, ARGUMENTS)
    assert plane.typed[-1] == ("create", "token", "gatewright", "-n", "gatewright", "--duration=720h")
    kubeconfig = tmp_path / "kubeconfig"
    assert kubeconfig.stat().st_mode & 0o777 == 0o600
    assert json.loads(kubeconfig.read_text())["users"] == [{"name": "gatewright", "user": {"token": "a.b.c"}}]


def test_no_proxy_stands_between_it_and_the_api_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("KEPT", "1")
    _, _, options = started(tmp_path, monkeypatch, ARGUMENTS)
    assert [name for name in options["env"] if "proxy" in name.lower()] == []
    assert options["env"]["KEPT"] == "1"


def test_arguments_that_it_does_not_know_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = ["serve", "--host=::", *ARGUMENTS[2:]]
    with pytest.raises(Failed) as failed:
        started(tmp_path, monkeypatch, given)
    assert str(failed.value) == f"the Deployment's arguments have changed: no --host=0.0.0.0 among {given}"

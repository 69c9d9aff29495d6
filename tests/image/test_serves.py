"""The webhook out of the image, asked over TLS."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from controlplane.certificates import Authority

from tests.image.built import ROOT, Image
from tests.image.sandbox import Sandbox
from tests.service.harness import Served, until

pytestmark = [pytest.mark.image, pytest.mark.enable_socket]

READY = 1.2
"""Seconds of CPU until it is ready, at most. It waits for nothing, so on an idle machine they are what a clock says."""

HERE = ("--port=0", "--health-port=0", "--drain=0")
"""On loopback, as is the default, at free ports, and ending at once."""

REPLACED = {
    "--host": "--port=0",
    "--health-host": "--health-port=0",
    "--in-cluster": "--manifests=/cluster/cluster.yaml",
    "--register": "--ca-out=/tmp/ca.crt",
    "--drain": "--drain=0",
}
"""What of the Deployment's arguments is otherwise without a cluster."""


def recorded(name: str) -> bytes:
    return (ROOT / "hack/reviews" / f"{name}.json").read_bytes()


def answers(name: str) -> Any:
    """What the API server is told of a recorded review, whole."""
    return json.loads((Path(__file__).parent / "answers" / f"{name}.json").read_text())


def cpu_seconds(pid: int) -> float:
    """What a process has used, in user and system mode (proc_pid_stat(5), fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(sandbox: Sandbox, folder: Path, ca: Path, *arguments: str) -> Iterator[tuple[Served, float]]:
    """The webhook in a container, ready, and the seconds of CPU that it took until then."""
    log = folder / "log"
    with sandbox.started(log, *arguments) as (process, pid):
        served = Served(process, log, ca)
        until(lambda: process.poll() is not None or log.read_bytes().endswith(b"\n"))
        assert process.poll() is None, log.read_text()
        until(lambda: served.get("/readyz")[0] == 200)
        yield served, cpu_seconds(int(pid.read_text()))


@pytest.mark.parametrize("uid", [54321, 1000650000])
def test_it_judges_as_any_user_with_no_place_to_write(image: Image, tmp_path: Path, uid: int) -> None:
    tls = tmp_path / "tls"
    tls.mkdir()
    Authority(tls).server("webhook", ["localhost"])
    for file in tls.iterdir():
        file.chmod(0o644)
    sandbox = Sandbox(image, uid, 0, {"/tls": tls, "/cluster": ROOT / "hack/manifests"})
    own = ("--certificate=/tls/webhook.crt", "--key=/tls/webhook.key", "--manifests=/cluster/cluster.yaml")
    with serving(sandbox, tmp_path, tls / "ca.crt", "serve", *HERE, *own) as (served, _):
        for name in ("denied", "allowed"):
            status, _, answer = served.post(recorded(name))
            assert (status, answer) == (200, answers(name))


def test_it_runs_as_deploy_says(image: Image, tmp_path: Path) -> None:
    pod = yaml.safe_load((ROOT / "deploy/base/deployment.yaml").read_text())["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert container["image"] == image.archive.name
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    scratch.chmod(0o777)  # an emptyDir
    mounted = {
        "/etc/gatewright": ROOT / "deploy/overlays/enforce",
        "/tmp": scratch,  # noqa: S108 - as the manifest has it
        "/cluster": ROOT / "hack/manifests",
    }
    assert {volume["mountPath"] for volume in container["volumeMounts"]} == mounted.keys() - {"/cluster"}
    names = [one.partition("=")[0] for one in container["args"]]
    assert set(names) == {"serve", "--config", *REPLACED}
    sandbox = Sandbox(
        image,
        pod["securityContext"]["runAsUser"],
        pod["securityContext"]["runAsGroup"],
        mounted,
        frozenset({"/tmp"}),  # noqa: S108
        int(container["resources"]["limits"]["memory"].removesuffix("Mi")) << 20,
    )
    arguments = [REPLACED.get(name, one) for name, one in zip(names, container["args"], strict=True)]
    with serving(sandbox, tmp_path, scratch / "ca.crt", *arguments) as (served, _):
        status, _, answer = served.post(recorded("denied"))
        assert (status, answer) == (200, answers("denied"))
        assert [file.name for file in scratch.iterdir()] == ["ca.crt"], "it writes nothing but what it is told to"
    assert served.lines[-1]["msg"] == "stopped"


def test_it_is_soon_ready(image: Image, tmp_path: Path) -> None:
    with serving(Sandbox(image), tmp_path, tmp_path, "serve", *HERE) as (_, seconds):
        assert seconds < READY

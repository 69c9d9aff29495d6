"""The files of deploy/ on a real API server, the program playing the Pod that they describe."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from controlplane import ControlPlane

ROOT = Path(__file__).parent.parent.parent
NAME = "gatewright"
PATIENCE = 30.0
"""Seconds to wait for what must happen."""

T = TypeVar("T")


def until(happens: Callable[[], T]) -> T:
    """What something gives, as soon as it is true."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := happens():
            return found
        time.sleep(0.05)
    raise AssertionError(f"it did not happen within {PATIENCE} s")


@dataclass
class Pod:
    """The program with the arguments of the Deployment, at the address of the Service."""

    process: subprocess.Popen[bytes]
    log: Path
    address: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Its log, so far."""
        return [json.loads(line) for line in self.log.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]

    def decisions(self, **fields: str) -> list[dict[str, Any]]:
        """The decisions in its log that have these fields."""
        return [line for line in self.lines if line["msg"] == "decision" and fields.items() <= line.items()]

    def is_ready(self) -> bool:
        """Whether it is registered and serves."""
        return any(line["msg"] == "registered" for line in self.lines)

    def stop(self) -> None:
        """Ends it."""
        self.process.terminate()
        self.process.wait(PATIENCE)


def apply(plane: ControlPlane, overlay: str) -> str:
    """`kubectl apply -k`; what it prints."""
    return plane.kubectl("apply", "-k", ROOT / "deploy" / overlay, check=True).stdout


def arguments(plane: ControlPlane) -> list[str]:
    """The arguments of the container in the Deployment that was applied."""
    deployed = json.loads(plane.kubectl("get", "deployment", NAME, "-n", NAME, "-o", "json", check=True).stdout)
    [container] = deployed["spec"]["template"]["spec"]["containers"]
    found: list[str] = container["args"]
    return found


@contextlib.contextmanager
def pod(plane: ControlPlane, folder: Path, *, wait: bool = True, options: tuple[str, ...] = ()) -> Iterator[Pod]:
    """The program as its Pod would run: its arguments, its account's token, its configuration, its address."""
    service = json.loads(plane.kubectl("get", "service", NAME, "-n", NAME, "-o", "json", check=True).stdout)
    address = service["spec"]["clusterIP"]
    maps = json.loads(plane.kubectl("get", "configmaps", "-n", NAME, "-o", "json", check=True).stdout)["items"]
    newest = max(
        (one for one in maps if "gatewright.yaml" in one["data"]), key=lambda one: one["metadata"]["creationTimestamp"]
    )
    (folder / "gatewright.yaml").write_text(newest["data"]["gatewright.yaml"])
    kubeconfig = _kubeconfig(plane, folder)
    replaced = {
        "--host=0.0.0.0": f"--host={address}",
        "--health-host=0.0.0.0": f"--health-host={address}",
        "--config=/etc/gatewright/gatewright.yaml": f"--config={folder / 'gatewright.yaml'}",
        "--in-cluster": f"--kubeconfig={kubeconfig}",
        "--drain=15": "--drain=0",
    }
    given = arguments(plane)
    assert replaced.keys() <= set(given)
    command = [sys.executable, "-m", "gatewright", *(replaced.get(one, one) for one in given), *options]
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=ROOT / "app")
    running = Pod(process, log, address)
    try:
        if wait:
            until(lambda: process.poll() is not None or running.is_ready())
            assert process.poll() is None, log.read_text()
        yield running
    finally:
        if process.poll() is None:
            running.stop()


def _kubeconfig(plane: ControlPlane, folder: Path) -> Path:
    """Access by a token of the ServiceAccount that deploy/ creates, and so with its permissions alone."""
    token = plane.kubectl("create", "token", NAME, "-n", NAME, check=True).stdout.strip()
    file = folder / "kubeconfig"
    file.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": NAME, "cluster": {"server": plane.url, "certificate-authority": str(plane.ca)}}],
                "users": [{"name": NAME, "user": {"token": token}}],
                "contexts": [{"name": NAME, "context": {"cluster": NAME, "user": NAME}}],
                "current-context": NAME,
            }
        )
    )
    return file

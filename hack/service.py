"""The files of deploy/ on a real API server, the program playing the Pod that they describe.

Shared by `make cluster` and the end-to-end tests.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from controlplane import Failed, Plane
from controlplane.certificates import write_secret

ROOT = Path(__file__).resolve().parent.parent
NAME = "gatewright"
PATIENCE = 30.0
"""Seconds to wait for what must happen."""

LASTS = "720h"
"""How long the service's token can be used."""

T = TypeVar("T")


def until(happens: Callable[[], T]) -> T:
    """What something gives, as soon as it is true.

    Raises:
        Failed: it is not, after `PATIENCE`.
    """
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := happens():
            return found
        time.sleep(0.05)
    raise Failed(f"it did not happen within {PATIENCE} s")


@dataclass
class Pod:
    """The program with the arguments of the Deployment, at the address of the Service."""

    process: subprocess.Popen[bytes]
    folder: Path
    address: str

    @property
    def log(self) -> Path:
        """What it writes."""
        return self.folder / "log"

    @property
    def kubeconfig(self) -> Path:
        """Its access to the API server: its ServiceAccount's."""
        return self.folder / "kubeconfig"

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Its log, so far; without what is no line of a log, as an error at start is."""
        lines = self.log.read_bytes().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.startswith(b"{") and line.endswith(b"\n")]

    def decisions(self, **fields: object) -> list[dict[str, Any]]:
        """The decisions in its log that have these fields."""
        return [line for line in self.lines if line["msg"] == "decision" and fields.items() <= line.items()]

    def decision(self, **fields: object) -> dict[str, Any]:
        """The one decision that has these fields, as soon as it is in the log: lines wait a little for others."""
        [found] = until(lambda: self.decisions(**fields))
        return found

    def is_ready(self) -> bool:
        """Whether it is registered and serves."""
        return any(line["msg"] == "registered" for line in self.lines)

    def readiness(self) -> tuple[int, str]:
        """What its readiness probe is answered."""
        port = self.lines[0]["health"].rpartition(":")[2]
        try:
            with urllib.request.urlopen(f"http://{self.address}:{port}/readyz", timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def stop(self) -> None:
        """Ends it."""
        self.process.terminate()
        self.process.wait(PATIENCE)


def apply(plane: Plane, overlay: str) -> str:
    """`kubectl apply -k`; what it prints."""
    return plane.kubectl("apply", "-k", ROOT / "deploy" / overlay, check=True).stdout


def address(plane: Plane) -> str:
    """Where the API server calls the webhook: the Service's."""
    found: str = _get(plane, "service", NAME)["spec"]["clusterIP"]
    return found


def _get(plane: Plane, kind: str, name: str) -> Any:
    return json.loads(plane.kubectl("get", kind, name, "-n", NAME, "-o", "json", check=True).stdout)


@contextlib.contextmanager
def pod(plane: Plane, folder: Path, *, wait: bool = True, more: str = "") -> Iterator[Pod]:
    """The program as its Pod would run: its arguments, its account's token, its configuration, its address.

    Args:
        plane: where deploy/ has been applied.
        folder: gets its files.
        wait: until it is registered.
        more: lines for its configuration, besides those that were applied.

    Raises:
        Failed: it has ended at once; what it said is in the message.
    """
    at = address(plane)
    template = _get(plane, "deployment", NAME)["spec"]["template"]["spec"]
    [container] = template["containers"]
    [mounted] = [volume["configMap"]["name"] for volume in template["volumes"] if "configMap" in volume]
    configuration = _get(plane, "configmap", mounted)["data"]["gatewright.yaml"]
    (folder / "gatewright.yaml").write_text(configuration + more)
    _write_kubeconfig(plane, folder / "kubeconfig")
    replaced = {
        "--host=0.0.0.0": f"--host={at}",
        "--health-host=0.0.0.0": f"--health-host={at}",
        "--config=/etc/gatewright/gatewright.yaml": f"--config={folder / 'gatewright.yaml'}",
        "--in-cluster": f"--kubeconfig={folder / 'kubeconfig'}",
    }
    given = container["args"]
    if absent := replaced.keys() - set(given):
        raise Failed(f"the Deployment's arguments have changed: no {', '.join(sorted(absent))} among {given}")
    command = [sys.executable, "-m", "gatewright", *(replaced.get(one, one) for one in given)]
    with (folder / "log").open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, cwd=ROOT / "app", env=environment()
        )
    running = Pod(process, folder, at)
    try:
        until(lambda: process.poll() is not None or (running.is_ready() if wait else running.lines))
        if process.poll() is not None:
            raise Failed(f"the service has ended: {running.log.read_text().strip()}")
        yield running
    finally:
        if process.poll() is None:
            running.stop()


def until_called(plane: Plane, running: Pod) -> None:
    """Waits until the API server calls it: it learns of a certificate a moment after it was published."""

    def is_called() -> bool:
        plane.kubectl("create", "serviceaccount", "probe", "-n", "kube-system", "--dry-run=server")
        return bool(running.decisions(name="probe"))

    until(is_called)


def environment() -> dict[str, str]:
    """This process', without its proxies: the official client would call even an API server on loopback by one."""
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


def _write_kubeconfig(plane: Plane, file: Path) -> None:
    """Access by a token of the ServiceAccount that deploy/ creates, and so with its permissions alone.

    A Pod's token is renewed where it is mounted. This one lasts: `make cluster` stays up for as long as somebody likes.
    """
    asked = ("create", "token", NAME, "-n", NAME, f"--duration={LASTS}")
    token = plane.kubectl(*asked, check=True).stdout.strip()
    server = {"server": plane.url, "certificate-authority": str(plane.ca)}
    kubeconfig = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": NAME, "cluster": server}],
        "users": [{"name": NAME, "user": {"token": token}}],
        "contexts": [{"name": NAME, "context": {"cluster": NAME, "user": NAME}}],
        "current-context": NAME,
    }
    file.unlink(missing_ok=True)
    write_secret(file, json.dumps(kubeconfig).encode())

"""The two servers: the service as it runs in a cluster, and the bare endpoint; with one certificate, on one core."""

import contextlib
import http.client
import json
import os
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

from bench import process
from bench.failure import Failed
from gatewright.webhook.self_signed import self_signed

TOP = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = os.environ | {"PYTHONPATH": f"{TOP / 'app'}:{TOP / 'hack'}"}
PATIENCE = 30.0
"""Seconds to wait for a server to start, or for an answer."""


@dataclass(frozen=True)
class Certificate:
    """Files, PEM: a certificate that is its own authority, and its key."""

    certificate: Path
    key: Path

    @classmethod
    def made(cls, folder: Path) -> "Certificate":
        """A fresh one in a folder."""
        self = cls(folder / "tls.crt", folder / "tls.key")
        for file, pem in zip((self.certificate, self.key), self_signed(), strict=True):
            file.write_bytes(pem)
        return self


@dataclass(frozen=True)
class Server:
    """A server that runs. `ready` are the seconds from its start to its first readiness, `idle` is its memory then."""

    pid: int
    url: str
    health: str
    certificate: Certificate
    ready: float
    idle: float

    def connection(self) -> http.client.HTTPSConnection:
        """A connection that verifies the certificate."""
        context = ssl.create_default_context(cafile=self.certificate.certificate)
        url = urlsplit(self.url)
        return http.client.HTTPSConnection(url.hostname or "", url.port, context=context, timeout=PATIENCE)

    def metrics(self) -> str:
        """What the service says of itself."""
        with urlopen(f"{self.health}/metrics", timeout=PATIENCE) as answer:  # noqa: S310  # our own URL
            text: str = answer.read().decode()
        return text


@contextlib.contextmanager
def echo(certificate: Certificate, core: int) -> Iterator[Server]:
    """The bare endpoint."""
    module = ["bench.echo", str(certificate.certificate), str(certificate.key)]
    with _running(module, core) as (pid, told, seconds):
        yield Server(pid, told["webhook"], "", certificate, seconds, process.memory(pid)[0])


@contextlib.contextmanager
def service(
    certificate: Certificate, core: int, folder: Path, configuration: str = "{}", cluster: Path | None = None
) -> Iterator[Server]:
    """The service.

    Args:
        certificate: that it serves.
        core: that it runs on.
        folder: gets its configuration.
        configuration: YAML; with none it judges by the default profile.
        cluster: manifests of what it takes as the cluster.
    """
    file = folder / "gatewright.yaml"
    file.write_text(configuration)
    cluster = cluster or TOP / "hack" / "manifests" / "cluster.yaml"
    options = ["--port=0", "--health-port=0", "--drain=0", f"--config={file}", f"--manifests={cluster}"]
    options += [f"--certificate={certificate.certificate}", f"--key={certificate.key}"]
    begun = time.monotonic()
    with _running(["gatewright", "serve", *options], core) as (pid, told, _):
        with urlopen(f"{told['health']}/readyz", timeout=PATIENCE):  # noqa: S310  # our own URL
            ready = time.monotonic() - begun
        yield Server(pid, told["webhook"], told["health"], certificate, ready, process.memory(pid)[0])


@contextlib.contextmanager
def _running(module: list[str], core: int) -> Iterator[tuple[int, dict[str, Any], float]]:
    """A Python module as a process: its pid, the JSON of its first line, and the seconds until that came.

    Its standard output is a pipe that somebody reads, as a container's is.

    Raises:
        Failed: it did not start, or said something on standard error.
    """
    begun = time.monotonic()
    command = [sys.executable, "-m", *module]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT) as running:
        os.sched_setaffinity(running.pid, {core})
        output, errors = running.stdout, running.stderr
        assert output  # noqa: S101  # pipes were asked for
        assert errors  # noqa: S101
        reader: threading.Thread | None = None
        try:
            first = output.readline()
            seconds = time.monotonic() - begun
            if not first:
                raise Failed(f"{' '.join(module[:2])} did not start: {errors.read().decode().strip()}")
            reader = threading.Thread(target=_drain, args=[output.fileno()])
            reader.start()
            yield running.pid, json.loads(first), seconds
        finally:
            running.terminate()
            running.wait(PATIENCE)
            if reader is not None:
                reader.join()
        if said := errors.read().decode().strip():
            raise Failed(f"{' '.join(module[:2])} said: {said}")


def _drain(descriptor: int) -> None:
    while os.read(descriptor, 1 << 20):
        pass

"""Who is asked: the application that the server serves, in this process, or a server over TLS."""

import http.client
import io
import json
import logging
import ssl
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import checks

from fuzz.oracle.verdict import CLUSTER
from gatewright.engine.decision import Decision
from gatewright.model.review import AdmissionRequest
from gatewright.webhook.app import PATH, Webhook
from gatewright.webhook.log import Log
from gatewright.webhook.metrics import Metrics
from gatewright.wiring import Current, closed

Answer = tuple[int, bytes]
Ask = Callable[[bytes], Awaitable[Answer]]

CHUNK = 64 * 1024
"""Bytes of a body that a server hands over at once."""


class Unlogged(Exception):
    """A decision that was answered and is missing in the log or in the metrics, or a request that was not answered."""


class Application:
    """The webhook's application, with what its server gives it: the log and the metrics."""

    def __init__(self, folder: Path) -> None:
        """Writes the manifests of the cluster into a folder, and reads them."""
        self._stream = io.BytesIO()
        self._log = Log(self._stream)
        self._metrics = Metrics()
        self._told = 0
        self.webhook = Webhook(Current(configuration(folder), None, closed([str(manifests(folder))])), self._observe)
        self._failures = _Failures()
        logging.getLogger("gatewright").addHandler(self._failures)

    def _observe(self, request: AdmissionRequest | None, decision: Decision, seconds: float) -> None:
        self._metrics.decision(request, decision, seconds)
        self._log.decision(request, decision, seconds)
        self._told += 1

    async def ask(self, body: bytes) -> Answer:
        """The answer to a body.

        Raises:
            Unlogged: it is not logged, and counted, once.
        """
        left = [body[start : start + CHUNK] for start in range(0, len(body), CHUNK)] or [b""]
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

        async def send(message: Any) -> None:
            sent.append(message)

        self._told = 0
        self._stream.seek(0)
        self._stream.truncate()
        await self.webhook(SCOPE, receive, send)
        if self._failures.messages:
            raise Unlogged(self._failures.messages.pop())
        if self._told != 1 or self._stream.getvalue().count(b"\n") != 1:
            raise Unlogged(f"{self._told} decisions were logged")
        return sent[0]["status"], b"".join(message["body"] for message in sent[1:])


SCOPE = {
    "type": "http",
    "method": "POST",
    "path": PATH,
    "raw_path": PATH.encode(),
    "root_path": "",
    "query_string": b"timeout=10s",
    "headers": [(b"content-type", b"application/json")],
}
"""What a server says of a request."""


class _Failures(logging.Handler):
    """What the application had to log, which is never of an answer that was right."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self.messages.append(f"{record.getMessage()} {error!r}" if error else record.getMessage())


def configuration(folder: Path) -> Path:
    """The file with the configuration: what the oracle has no opinion of is off."""
    file = folder / "gatewright.yaml"
    file.write_text(json.dumps({"policies": checks.alone()}))
    return file


def manifests(folder: Path) -> Path:
    """The file with the manifests of the cluster."""
    file = folder / "cluster.yaml"
    file.write_text(CLUSTER)
    return file


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, Path]]:
    """A server of the same configuration as a process of its own: its address, and the certificate to trust."""
    ca = folder / "ca.crt"
    command = [sys.executable, "-m", "gatewright", "serve", "--port", "0", "--health-port", "0", "--drain", "0"]
    command += ["--ca-out", str(ca), "--manifests", str(manifests(folder)), "--config", str(configuration(folder))]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None  # noqa: S101  # it was asked for
            first = server.stdout.readline()
            if not first:
                raise SystemExit(server.wait() or 1)
            drain = subprocess.Popen(["cat"], stdin=server.stdout, stdout=log)  # noqa: S607  # wherever it lies
            yield json.loads(first)["webhook"].split("/")[2], ca
        finally:
            server.terminate()
            server.wait(timeout=20)
            drain.wait(timeout=20)


class Remote:
    """A server that is asked over TLS, on one connection that is kept."""

    def __init__(self, address: str, ca: Path) -> None:
        host, _, port = address.rpartition(":")
        context = ssl.create_default_context(cafile=ca)
        self._connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=30)

    def ask(self, body: bytes) -> Answer:
        """The answer to a body."""
        self._connection.request("POST", f"{PATH}?timeout=10s", body, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        return response.status, response.read()

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

"""The program as a process of its own, asked over TLS as an API server would ask it."""

import contextlib
import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import checks
import yaml

import gatewright

PATIENCE = 20.0
"""Seconds to wait for what must happen."""


def until(happens: Callable[[], Any]) -> Any:
    """What something gives, as soon as it is true."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := happens():
            return found
        time.sleep(0.02)
    raise AssertionError(f"it did not happen within {PATIENCE} s")


@dataclass
class Served:
    """A running webhook. `statuses` are those of all answers that came through `post`."""

    process: subprocess.Popen[bytes]
    log: Path
    ca: Path
    statuses: list[int] = field(default_factory=list)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The log, so far."""
        return [json.loads(line) for line in self.log.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]

    def line(self, msg: str) -> dict[str, Any]:
        """The first line of the log with a message, as soon as there is one."""
        found: dict[str, Any] = until(lambda: [line for line in self.lines if line["msg"] == msg])[0]
        return found

    def _at(self, which: str) -> tuple[str, int]:
        url = urlsplit(self.line("serving")[which])
        return url.hostname or "", url.port or 0

    def connection(self, trusted: Path | None = None) -> http.client.HTTPSConnection:
        """A connection that verifies the certificate, for the name localhost."""
        context = ssl.create_default_context(cafile=trusted or self.ca)
        return http.client.HTTPSConnection("localhost", self._at("webhook")[1], context=context, timeout=PATIENCE)

    def post(
        self, body: bytes, path: str = "/validate?timeout=10s", over: http.client.HTTPSConnection | None = None
    ) -> tuple[int, dict[str, str], Any]:
        """Status, headers and JSON of an answer; on a connection of its own, or over one that is open."""
        connection = over or self.connection()
        with contextlib.nullcontext() if over else contextlib.closing(connection):
            connection.request("POST", path, body)
            return self.answer(connection)

    def answer(self, connection: http.client.HTTPSConnection) -> tuple[int, dict[str, str], Any]:
        """The answer to what was sent."""
        response = connection.getresponse()
        content = response.read()
        self.statuses.append(response.status)
        headers = {name.lower(): value for name, value in response.getheaders()}
        assert headers.pop("content-length") == str(len(content))
        return response.status, headers, json.loads(content)

    def get(self, path: str, accept: str = "*/*", method: str = "GET") -> tuple[int, str]:
        """Status and text of what the port of probes and metrics answers."""
        with contextlib.closing(http.client.HTTPConnection(*self._at("health"), timeout=PATIENCE)) as connection:
            connection.request(method, path, headers={"Accept": accept})
            response = connection.getresponse()
            return response.status, response.read().decode()

    def metric(self, sample: str) -> float:
        """The value of a sample, 0 where there is none."""
        lines = dict(line.rsplit(" ", 1) for line in self.get("/metrics")[1].splitlines() if line[:1] != "#")
        return float(lines.get(sample, 0))

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """The exit code after a signal."""
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


def command(*options: str) -> list[str]:
    """The command line of the webhook, on free ports of loopback."""
    return [sys.executable, "-m", "gatewright", "serve", "--port", "0", "--health-port", "0", *options]


def environment() -> dict[str, str]:
    """The environment in which the command is this checkout's."""
    return os.environ | {"PYTHONPATH": str(Path(gatewright.__file__).parent.parent)}


@contextlib.contextmanager
def serving(folder: Path, configuration: str = "{}", *options: str) -> Iterator[Served]:
    """A webhook with a configuration, its files in a folder; it must have said nothing on standard error at the end.

    What is not pod security is off unless the configuration says otherwise: what is tested is the service.
    """
    file, log, ca, errors = (folder / name for name in ("gatewright.yaml", "log", "ca.crt", "errors"))
    whole = yaml.safe_load(configuration)
    whole["policies"] = checks.alone() | whole.get("policies", {})
    file.write_text(yaml.safe_dump(whole))
    made = () if "--certificate" in options else ("--ca-out", str(ca))
    with log.open("wb") as output, errors.open("wb") as error:
        arguments = command("--config", str(file), "--drain", "0", *made, *options)
        process = subprocess.Popen(arguments, stdout=output, stderr=error, env=environment())
    served = Served(process, log, ca)
    try:
        until(lambda: process.poll() is not None or log.read_bytes().endswith(b"\n"))
        yield served
    finally:
        if process.poll() is None:
            served.end()
        assert errors.read_text() == ""

"""What answers at the service's address in its stead: too late, nonsense, or under a certificate that has expired."""

import base64
import contextlib
import http.server
import json
import socket
import ssl
import struct
import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from controlplane import ControlPlane
from service import NAME, address

from gatewright.webhook.self_signed import LIFE, self_signed

PORT = 8443
JSON: Mapping[str, str] = MappingProxyType({"content-type": "application/json"})

RESET = struct.pack("ii", 1, 0)
"""A socket that lingers for no time is closed by a reset, and not by an end."""


class Answer(NamedTuple):
    """An HTTP response; `REQUESTED` in its body stands for the uid that was asked with."""

    body: str
    status: int = 200
    headers: Mapping[str, str] = JSON


class Lost(NamedTuple):
    """No response: the connection ends once the request has arrived, or is reset."""

    is_reset: bool = False


class Impostor(http.server.ThreadingHTTPServer):
    """One answer after the other, once the event is set; the last one to everything that comes then."""

    daemon_threads = True

    def __init__(self, host: str, pair: Path) -> None:
        super().__init__((host, PORT), _Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.held = threading.Event()
        self.calls: list[str] = []
        self._answers: list[Answer | Lost] = []

    def give(self, answers: Iterable[Answer | Lost]) -> None:
        """Gives these answers from now on, and begins to count afresh."""
        self._answers = list(answers)
        self.calls = []
        self.held.set()

    def next(self, method: str) -> Answer | Lost:
        """The answer to a call that came with that method."""
        self.held.wait()
        self.calls.append(method)
        return self._answers.pop(0) if self._answers[1:] else self._answers[0]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away, or that does not trust us, is what the tests are about."""


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Impostor

    def do_GET(self) -> None:
        """A redirect makes a GET of a POST."""
        self._answer("")

    def do_POST(self) -> None:
        review = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self._answer(review["request"]["uid"])

    def _answer(self, uid: str) -> None:
        answer = self.server.next(self.command)
        if isinstance(answer, Lost):
            if answer.is_reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                self.connection.close()
            return
        body = answer.body.replace("REQUESTED", uid).encode()
        self.send_response(answer.status)
        for key, value in answer.headers.items():
            self.send_header(key, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class' name
        """Standard error stays what the tests say."""


@contextlib.contextmanager
def impersonating(host: str, certificate: bytes, key: bytes, folder: Path) -> Iterator[Impostor]:
    """Serves at an address, under a certificate that is written to the folder."""
    pair = folder / "pair"
    pair.write_bytes(certificate + key)
    with Impostor(host, pair) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.held.set()
            server.shutdown()
            thread.join()


@contextlib.contextmanager
def impostor(
    plane: ControlPlane, folder: Path, body: str, *, is_slow: bool = False, age: timedelta = timedelta()
) -> Iterator[None]:
    """Serves one answer at the Service's address, registered by an administrator.

    Args:
        plane: where deploy/ has been applied, and nothing serves.
        folder: gets the certificate.
        body: the answer to everything.
        is_slow: whether it comes only after whoever asks has given up.
        age: of the certificate, which lives for a year.
    """
    certificate, key = self_signed(now=datetime.now(UTC) - age)
    trust(plane, certificate)
    with impersonating(address(plane), certificate, key, folder) as server:
        server.give([Answer(body)])
        if is_slow:
            server.held.clear()
        yield


EXPIRED = LIFE + timedelta(days=1)
"""The age of a certificate that has expired."""


def trust(plane: ControlPlane, certificate: bytes) -> None:
    """Puts a certificate into both webhooks, and a second as their timeout: so long is every failure waited for."""
    bundle = base64.b64encode(certificate).decode()
    patch = [
        operation
        for index in range(2)
        for operation in (
            {"op": "add", "path": f"/webhooks/{index}/clientConfig/caBundle", "value": bundle},
            {"op": "replace", "path": f"/webhooks/{index}/timeoutSeconds", "value": 1},
        )
    ]
    configuration = ("validatingwebhookconfiguration", NAME)
    plane.kubectl("patch", *configuration, "--type=json", "-p", json.dumps(patch), check=True)

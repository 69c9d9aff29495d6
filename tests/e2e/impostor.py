"""What answers at the service's address in its stead: too late, nonsense, or under a certificate that has expired."""

import base64
import contextlib
import http.server
import json
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from controlplane import ControlPlane
from service import NAME, address

from gatewright.webhook.self_signed import LIFE, self_signed

PORT = 8443


class _Answers(http.server.ThreadingHTTPServer):
    """One answer to everything, once the event is set."""

    daemon_threads = True

    def __init__(self, host: str, body: bytes, held: threading.Event) -> None:
        self.body = body
        self.held = held
        super().__init__((host, PORT), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away, or that does not trust us, is what the tests are about."""


class _Handler(http.server.BaseHTTPRequestHandler):
    server: _Answers

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.server.held.wait()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class' name
        """Standard error stays what the tests say."""


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
    file = folder / "pair"
    file.write_bytes(certificate + key)
    trust(plane, certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    held = threading.Event()
    if not is_slow:
        held.set()
    with _Answers(address(plane), body.encode(), held) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield
        finally:
            held.set()
            server.shutdown()
            thread.join()


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

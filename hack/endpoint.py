"""A webhook that allows everything and keeps what it was sent: HTTPS on loopback, for an API server to call."""

import base64
import json
import ssl
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from controlplane.certificates import Authority


class Endpoint:
    """Such a webhook, until the block ends. End the API server first: it holds connections open.

    `bodies` are the requests' bodies, in the order in which they arrived.
    """

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            Authority(folder).server("endpoint", ["127.0.0.1"])
            context.load_cert_chain(folder / "endpoint.crt", folder / "endpoint.key")
            self._ca = (folder / "ca.crt").read_bytes()
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.05])

    def configuration(self, name: str, condition: str) -> dict[str, Any]:
        """A ValidatingWebhookConfiguration that has it asked about everything that fulfils a condition, in CEL."""
        webhook = {
            "name": f"{name}.gatewright.dev",
            "admissionReviewVersions": ["v1"],
            "sideEffects": "None",
            "matchConditions": [{"name": "condition", "expression": condition}],
            "clientConfig": {
                "url": f"https://127.0.0.1:{self._server.server_port}/",
                "caBundle": base64.b64encode(self._ca).decode(),
            },
            "rules": [{"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["*"], "resources": ["*/*"]}],
        }
        kind = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration"}
        return {**kind, "metadata": {"name": name}, "webhooks": [webhook]}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        bodies = self.bodies

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                bodies.append(body)
                review = json.loads(body)
                review["response"] = {"uid": review.pop("request")["uid"], "allowed": True}
                answer = json.dumps(review).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - as the base class calls it
                """Says nothing."""

        return Handler

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

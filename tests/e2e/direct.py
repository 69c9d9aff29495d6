"""An API server as its administrator asks it, over its own TLS: thousands of requests in seconds."""

import http.client
import json
import ssl
from typing import Any

from controlplane import ControlPlane


class Direct:
    """One connection to an API server."""

    def __init__(self, plane: ControlPlane) -> None:
        context = ssl.create_default_context(cafile=plane.ca)
        context.load_cert_chain(plane.folder / "admin.crt", plane.folder / "admin.key")
        host, port = plane.url.removeprefix("https://").split(":")
        self._connection = http.client.HTTPSConnection(host, int(port), context=context, timeout=30)

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Status and document of an answer."""
        kind = "application/strategic-merge-patch+json" if method == "PATCH" else "application/json"
        content = None if body is None else json.dumps(body)
        self._connection.request(method, path, content, {"Content-Type": kind})
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

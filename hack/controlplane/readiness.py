"""Whether a control plane that was started can be worked with: asked of the API server, over its own TLS."""

import json
import re
import ssl
import time
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from subprocess import Popen
from typing import Any

from controlplane.failure import Failed
from controlplane.users import bindings

PATIENCE = 120
"""Seconds in which a server must be ready: 4 on two idle cores."""

SYSTEM_NAMESPACES = 4
"""default, kube-node-lease, kube-public, kube-system."""

ACCOUNTS = "/api/v1/serviceaccounts?fieldSelector=metadata.name%3Ddefault"
RBAC = "/apis/rbac.authorization.k8s.io/v1"


class Starting:
    """The API server of a folder as its administrator, and the servers that must not end meanwhile."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._port = port
        self._tls = ssl.create_default_context(cafile=folder / "ca.crt")
        self._tls.load_cert_chain(folder / "admin.crt", folder / "admin.key")

    def wait_for_api(self, servers: dict[str, Popen[bytes]]) -> str:
        """Waits until the API server is ready.

        Returns:
            The version that it tells.

        Raises:
            Failed: it was not, or a server has ended.
        """
        self._wait("the API server is not ready", lambda: self._ask("GET", "/readyz")[0] == HTTPStatus.OK, servers)
        return str(self._get("/version")["gitVersion"])

    def wait_for_controllers(self, servers: dict[str, Popen[bytes]]) -> None:
        """Waits until Pods are admitted in every namespace, and until the users may do what they are there for.

        Raises:
            Failed: it was not so in time, or a server has ended.
        """
        for binding in bindings():
            status, answer = self._ask("POST", f"{RBAC}/clusterrolebindings", binding)
            if status != HTTPStatus.CREATED:
                raise Failed(f"{binding['metadata']['name']} was not created: {status} {answer.decode()}")
        accounts = "the namespaces have no default service accounts"
        self._wait(accounts, lambda: len(self._get(ACCOUNTS).get("items", [])) >= SYSTEM_NAMESPACES, servers)
        roles = ("admin", "edit", "view")
        aggregated = "the built-in ClusterRoles are not aggregated"
        self._wait(aggregated, lambda: all(self._get(f"{RBAC}/clusterroles/{r}").get("rules") for r in roles), servers)

    def _wait(self, otherwise: str, is_so: Callable[[], bool], servers: dict[str, Popen[bytes]]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            for name, server in servers.items():
                if (code := server.poll()) is not None:
                    raise Failed(f"{name} has ended with {code}; {tail(self._folder / f'{name}.log')}")
            if time.monotonic() > deadline:
                logs = "\n".join(tail(self._folder / f"{name}.log") for name in servers)
                raise Failed(f"{otherwise} after {PATIENCE} s\n{logs}")
            time.sleep(0.03)

    def _get(self, path: str) -> dict[str, Any]:
        """An object; an empty one as long as there is no answer."""
        status, body = self._ask("GET", path)
        answer: dict[str, Any] = json.loads(body) if status == HTTPStatus.OK else {}
        return answer

    def _ask(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        """Status and body of an answer; status 0 where nobody answers."""
        connection = HTTPSConnection("127.0.0.1", self._port, context=self._tls, timeout=10)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, path, content, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException):
            return 0, b""
        finally:
            connection.close()


def tail(log: Path, lines: int = 8) -> str:
    """The end of a server's log in words for a person: warnings and errors, unless it has none."""
    text = log.read_text(errors="replace").splitlines() if log.exists() else []
    told = [line for line in text if not is_information(line)] or text
    return "\n  ".join([f"its log, {log}, {'ends with:' if told else 'is empty'}", *told[-lines:]])


def is_information(line: str) -> bool:
    """Whether a line of klog's is of no severity."""
    return re.match(r"I\d{4} ", line) is not None

"""The API server, through the official client: the only place that imports it. Objects stay plain JSON, since the
client's typed models drop the fields that they do not know."""

import json
import time
from pathlib import Path
from typing import Any

import kubernetes.client
import kubernetes.config
import urllib3
import urllib3.exceptions
from kubernetes.client.exceptions import ApiException

from gatewright.cluster.api import MOST_BYTES, TIMEOUT, Absent, TooLarge
from gatewright.engine.world import Unavailable
from gatewright.model.version import KubernetesVersion, V

FIELD_MANAGER = "gatewright"

PIECE = 1 << 20
"""Bytes that are read of an answer between two looks at the clock."""


class Client:
    """What the service asks of the API server. Every method raises Unavailable where it gets no answer."""

    def __init__(self, api: kubernetes.client.ApiClient) -> None:
        self._api = api

    @classmethod
    def connect(cls, kubeconfig: Path | None) -> "Client":
        """A client by a kubeconfig, or by the service account of the Pod that this runs in.

        Raises:
            Unavailable: there is neither.
        """
        configuration = kubernetes.client.Configuration()
        try:
            if kubeconfig:
                kubernetes.config.load_kube_config(str(kubeconfig), client_configuration=configuration)
            else:
                kubernetes.config.load_incluster_config(client_configuration=configuration)
        except (kubernetes.config.ConfigException, OSError) as error:
            raise Unavailable(f"no access to a cluster: {error}") from None
        configuration.retries = False
        return cls(kubernetes.client.ApiClient(configuration))

    def read(self, path: str, *, timeout: float = TIMEOUT, most: int = MOST_BYTES, **query: str | int) -> bytes:
        """What stands at a path of the API, as it was sent.

        Raises:
            Absent: there is no such object.
            TooLarge: it has more bytes.
            Unavailable: it cannot be read.
        """
        return self._call("GET", path, query, None, "application/json", timeout, most)

    def get(self, path: str, *, timeout: float = TIMEOUT, **query: str | int) -> dict[str, Any]:
        """The JSON at a path of the API.

        Raises:
            Unavailable: there is none.
        """
        return _document("GET", path, self._call("GET", path, query, None, "application/json", timeout))

    def apply(self, path: str, item: dict[str, Any], *, timeout: float = TIMEOUT) -> dict[str, Any]:
        """Applies an object's fields, server side, under a field manager of our own; what another had is taken over.

        Raises:
            Unavailable: it was not applied.
        """
        # without force whoever wrote our certificate's place last, a restored backup, would keep us from it for good
        query = {"fieldManager": FIELD_MANAGER, "force": "true"}
        patched = self._call("PATCH", path, query, item, "application/apply-patch+yaml", timeout)
        return _document("PATCH", path, patched)

    def version(self) -> KubernetesVersion:
        """The minor that the server answers as: the emulated one where it emulates.

        Raises:
            Unavailable: it does not say.
        """
        told = self.get("/version")
        minor = told.get("emulationMinor") or told.get("minor") or ""
        digits = str(minor).rstrip("+")
        if not digits.isdecimal():
            raise Unavailable(f"the server's version is {minor!r}")
        return V(1, int(digits))

    def _call(
        self,
        method: str,
        path: str,
        query: dict[str, Any],
        body: Any,
        content_type: str,
        timeout: float,
        most: int = MOST_BYTES,
    ) -> bytes:
        until = time.monotonic() + timeout
        try:
            response = self._api.call_api(
                *self._api.param_serialize(
                    method,
                    path,
                    query_params=list(query.items()),
                    header_params={"Accept": "application/json", "Content-Type": content_type},
                    body=body,
                    auth_settings=["BearerToken"],
                ),
                _request_timeout=timeout,
            )
            data = _taken(response.response, most, until)
        except ApiException as error:
            raise Unavailable(f"{method} {path}: {error.status} {error.reason}") from None
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise Unavailable(f"{method} {path}: {type(error).__name__}") from None
        if data is None:
            raise TooLarge(f"{method} {path}: more than {most:,} bytes")
        if not 200 <= response.status < 300:
            said = "" if method == "GET" else f" {_said(data)}"  # a requester is told of what was read in vain
            reason = f"{method} {path}: {response.status}{said}"
            raise Absent(reason) if _is_absent(response.status, data) else Unavailable(reason)
        return data


def _taken(response: urllib3.BaseHTTPResponse, most: int, until: float) -> bytes | None:
    """The body of an answer; None where it has more bytes than that.

    Raises:
        TimeoutError: it has not ended by then, however steadily it comes.
    """
    pieces: list[bytes] = []
    left = most
    while piece := response.read(PIECE):
        pieces.append(piece)
        left -= len(piece)
        if left < 0 or time.monotonic() > until:
            response.close()  # what else comes would be the next answer's
            if left < 0:
                return None
            raise TimeoutError
    return b"".join(pieces)


def _document(method: str, path: str, data: bytes) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(data)
    except ValueError:  # a proxy's page, or nothing
        raise Unavailable(f"{method} {path}: no JSON") from None
    return document


def _is_absent(status: int, data: bytes) -> bool:
    """Whether a Status tells that an object is not there: a proxy, or a path that there is not, answers 404 as well."""
    try:
        told = json.loads(data)
        return bool(status == 404 and told["reason"] == "NotFound" and told["details"]["name"])
    except (ValueError, LookupError, TypeError):
        return False


def _said(data: bytes) -> str:
    """What a Status of the API server says, in short."""
    try:
        return str(json.loads(data)["message"])[:200]
    except (ValueError, LookupError, TypeError):
        return ""

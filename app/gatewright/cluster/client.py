"""The API server, through the official client: the only place that imports it. Objects stay plain JSON, since the
client's typed models drop the fields that they do not know."""

import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes.client
import kubernetes.config
import urllib3
import urllib3.exceptions
from kubernetes.client.exceptions import ApiException

from gatewright.cluster.answers import lines, refusal, whole
from gatewright.cluster.api import MOST_BYTES, TIMEOUT, TooLarge
from gatewright.engine.world import Unavailable
from gatewright.model.version import KubernetesVersion, V

FIELD_MANAGER = "gatewright"

CONNECTIONS = 64
"""Connections that are kept open: a watch has one to itself."""

Timeout = float | tuple[float, float]
"""Seconds in all; or to connect, and between two bytes."""


class Client:
    """What is asked of the API server. Every method raises Unavailable where it gets no answer."""

    def __init__(self, api: kubernetes.client.ApiClient) -> None:
        self._api = api

    @classmethod
    def connect(cls, kubeconfig: Path | None) -> "Client":
        """A client by a kubeconfig, or by the service account of the Pod that this runs in.

        Raises:
            Unavailable: there is neither.
        """
        return cls.by_kubeconfig(kubeconfig) if kubeconfig else cls._with(kubernetes.config.load_incluster_config)

    @classmethod
    def by_kubeconfig(cls, kubeconfig: Path | None, context: str | None = None) -> "Client":
        """A client by a context of a kubeconfig: the current one, and the files that kubectl takes, unless given.

        Raises:
            Unavailable: there is none.
        """
        file = str(kubeconfig) if kubeconfig else None
        return cls._with(kubernetes.config.load_kube_config, config_file=file, context=context)

    @classmethod
    def _with(cls, load: Any, **options: Any) -> "Client":
        configuration = kubernetes.client.Configuration()
        try:
            load(**options, client_configuration=configuration)
        except (kubernetes.config.ConfigException, OSError) as error:
            raise Unavailable(f"no access to a cluster: {error}") from None
        configuration.retries = False
        configuration.keep_alive = True  # or a watch whose other end has gone is quiet, and nothing else
        configuration.connection_pool_maxsize = CONNECTIONS
        return cls(kubernetes.client.ApiClient(configuration))

    @property
    def address(self) -> str:
        """The API server's."""
        return str(self._api.configuration.host)

    def read(self, path: str, *, timeout: float = TIMEOUT, most: int = MOST_BYTES, **query: str | int) -> bytes:
        """What stands at a path of the API, as it was sent.

        Raises:
            Absent, NoPath, Forbidden, Gone: the API server says so.
            TooLarge: it has more bytes.
            Unavailable: it cannot be read.
        """
        return self._call("GET", path, query, None, "application/json", timeout, most)

    @contextlib.contextmanager
    def watch(self, path: str, *, silence: float, **query: str | int) -> Iterator[Iterator[bytes]]:
        """What changes at a path, a line each, for as long as the API server goes on.

        Raises:
            NoPath, Forbidden, Gone: the API server says so, on entering.
            TooLarge: a line has more than `MOST_BYTES`.
            Unavailable: it could not begin, or broke off.
        """
        what = f"GET {path}"
        with _failing(what):
            response = self._request(
                "GET", path, query | {"watch": "true"}, None, "application/json", (TIMEOUT, silence)
            )
            try:
                if response.status != 200:
                    raise refusal(what, response.status, whole(response, MOST_BYTES, time.monotonic() + TIMEOUT) or b"")
                yield lines(response, what)
            finally:
                response.close()  # it has not been read to its end

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
        what, until = f"{method} {path}", time.monotonic() + timeout
        with _failing(what):
            response = self._request(method, path, query, body, content_type, timeout)
            data = whole(response, most, until)
        if data is None:
            raise TooLarge(f"{what}: more than {most:,} bytes")
        if not 200 <= response.status < 300:
            raise refusal(what, response.status, data, is_said=method != "GET")  # a requester reads of what was read
        return data

    def _request(
        self, method: str, path: str, query: dict[str, Any], body: Any, content_type: str, timeout: Timeout
    ) -> urllib3.BaseHTTPResponse:
        answered: urllib3.BaseHTTPResponse = self._api.call_api(
            *self._api.param_serialize(
                method,
                path,
                query_params=list(query.items()),
                header_params={"Accept": "application/json", "Content-Type": content_type},
                body=body,
                auth_settings=["BearerToken"],
            ),
            _request_timeout=timeout,
        ).response
        return answered


@contextlib.contextmanager
def _failing(what: str) -> Iterator[None]:
    """Tells in short what kept a request from being answered."""
    try:
        yield
    except ApiException as error:
        raise Unavailable(f"{what}: {error.status} {error.reason}") from None
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise Unavailable(f"{what}: {type(error).__name__}") from None


def _document(method: str, path: str, data: bytes) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(data)
    except ValueError:  # a proxy's page, or nothing
        raise Unavailable(f"{method} {path}: no JSON") from None
    return document

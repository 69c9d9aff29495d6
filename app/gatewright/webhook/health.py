"""The second application, on a port of its own and in plain HTTP: probes and metrics."""

from collections.abc import Callable
from http import HTTPStatus

from prometheus_client.exposition import choose_encoder
from starlette.types import Receive, Scope, Send

from gatewright.webhook.metrics import Metrics

TEXT = "text/plain; charset=utf-8"


class Health:
    """Answers `/healthz` (the process runs), `/readyz` (it should be asked) and `/metrics`."""

    def __init__(self, unready: Callable[[], str | None], metrics: Metrics) -> None:
        """Takes the reason why the webhook is not ready, None where it is, and the metrics."""
        self._unready = unready
        self._metrics = metrics

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        """Answers a GET or a HEAD."""
        if scope["type"] != "http":
            return
        status, kind, body = self._answer(scope)
        headers = [(b"content-type", kind.encode()), (b"content-length", b"%d" % len(body))]
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append((b"allow", b"GET, HEAD"))
        await send({"type": "http.response.start", "status": int(status), "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _answer(self, scope: Scope) -> tuple[HTTPStatus, str, bytes]:
        if scope["path"] not in ("/healthz", "/readyz", "/metrics"):
            return HTTPStatus.NOT_FOUND, TEXT, b"there are /healthz, /readyz and /metrics\n"
        if scope["method"] not in ("GET", "HEAD"):
            return HTTPStatus.METHOD_NOT_ALLOWED, TEXT, b"use GET\n"
        if scope["path"] == "/metrics":
            accept = b",".join(value for name, value in scope["headers"] if name == b"accept").decode("latin-1")
            encode, kind = choose_encoder(accept)
            return HTTPStatus.OK, kind, encode(self._metrics.registry)
        reason = self._unready() if scope["path"] == "/readyz" else None
        if reason is not None:
            return HTTPStatus.SERVICE_UNAVAILABLE, TEXT, f"{reason}\n".encode()
        return HTTPStatus.OK, TEXT, b"ok\n"

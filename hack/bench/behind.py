"""Part `cluster`: creates of Pods through a real API server at fixed rates, without the webhook and with it."""

import json
import os
import ssl
from collections.abc import Callable
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from controlplane import ControlPlane, Plane
from service import Pod, apply, pod, until, until_called

from bench import histogram
from bench.failure import Failed
from bench.histogram import Histogram
from bench.openloop import Request, at_rate, percentile

RATES = (50, 100, 200)
METRIC = "apiserver_admission_webhook_admission_duration_seconds"
WEBHOOK = {"name": "workloads.gatewright.dev", "operation": "CREATE", "rejected": "false"}
CONNECTIONS = 32
QUANTILES = {"p50": 0.5, "p99": 0.99}
Say = Callable[[str], None]


class Client:
    """The administrator, on connections of its own."""

    def __init__(self, plane: Plane) -> None:
        self._plane = plane
        self._url = urlsplit(plane.url)
        self._context = ssl.create_default_context(cafile=plane.ca)
        self._authorization = ("Authorization", f"Bearer {plane.token('admin')}")

    def connect(self) -> HTTPSConnection:
        """A connection to the API server."""
        return HTTPSConnection(self._url.hostname or "", self._url.port, context=self._context, timeout=30)

    def creates(self, namespace: str, number: int) -> list[Request]:
        """Creates of so many Pods of the restricted level, each to be answered with 201."""
        headers = (("Content-Type", "application/json"), self._authorization)
        path = f"/api/v1/namespaces/{namespace}/pods"
        return [Request(path, json.dumps(_pod(index)).encode(), 201, headers=headers) for index in range(number)]

    def webhook(self) -> Histogram:
        """How long the API server has waited for the webhook so far, for creates that it then did."""
        connection = self.connect()
        connection.request("GET", "/metrics", headers=dict([self._authorization]))
        exposition = connection.getresponse().read().decode()
        connection.close()
        return histogram.read(exposition, METRIC, WEBHOOK)

    def namespace(self, name: str) -> str:
        """A new namespace that Pods can be created in."""
        self._plane.kubectl("create", "namespace", name, check=True)
        until(lambda: self._plane.kubectl("get", "serviceaccount", "default", "-n", name).returncode == 0)
        return name


def measure(core: int, folder: Path, seconds: float, rates: tuple[int, ...], say: Say) -> dict[str, float]:
    """The figures at each rate: of creates without the webhook, with it, and with it bound to one core.

    Args:
        core: that one.
        folder: for the service's files.
        seconds: of creates at each rate.
        rates: creates a second.
        say: told what is going on.

    Raises:
        Failed: a create failed, or the webhook was not asked about each.
    """
    figures: dict[str, float] = {}
    with ControlPlane(disable=["PodSecurity"]) as plane:
        client = Client(plane)
        for rate in rates:
            say(f"cluster: {rate} creates a second, webhook: without")
            _alone(client, rate, seconds, figures)
        apply(plane, "overlays/enforce")
        with pod(plane, folder) as running:
            until_called(plane, running)
            for which in ("with", "one core"):
                if which == "one core":
                    bind(running, core)
                for rate in rates:
                    say(f"cluster: {rate} creates a second, webhook: {which}")
                    _asked(client, running, which, rate, seconds, figures)
    return figures


def bind(running: Pod, core: int) -> None:
    """Has all threads of the service run on one core, which is what a limit of one CPU leaves it at most."""
    for thread in os.listdir(f"/proc/{running.process.pid}/task"):  # noqa: PTH208  # names are numbers here
        os.sched_setaffinity(int(thread), {core})


def _creates(client: Client, namespace: str, rate: int, seconds: float) -> list[float]:
    """Creates Pods at a rate; the latency of each."""
    return at_rate(client.connect, client.creates(namespace, int(rate * seconds)), rate, CONNECTIONS)


def _warm(client: Client, which: str, rate: int) -> str:
    """Creates Pods for a second that does not count; a namespace for those that do."""
    namespace = f"{which.replace(' ', '-')}-{rate}"
    _creates(client, client.namespace(f"{namespace}-warm"), rate, 1)
    return client.namespace(namespace)


def _alone(client: Client, rate: int, seconds: float, figures: dict[str, float]) -> None:
    """Creates without the webhook."""
    latencies = _creates(client, _warm(client, "without", rate), rate, seconds)
    for quantile, share in QUANTILES.items():
        figures[f"{quantile} of a create, without, {rate}/s"] = percentile(latencies, share)


def _asked(client: Client, running: Pod, which: str, rate: int, seconds: float, figures: dict[str, float]) -> None:
    """Creates with the webhook: as the client, the API server and the service itself see them."""
    namespace, at = _warm(client, which, rate), f"{which}, {rate}/s"
    before = client.webhook()
    latencies = _creates(client, namespace, rate, seconds)
    asked = client.webhook().since(before)
    if asked.count < len(latencies):
        raise Failed(f"{len(latencies)} Pods were created, but the webhook was asked about {asked.count:.0f} only")
    figures[f"p99 of the webhook, {at}"] = asked.quantile(0.99)
    figures[f"mean of the webhook, {at}"] = asked.mean
    figures[f"within 5 ms, {at}"] = asked.share_within(0.005)
    decisions = until(lambda: _decisions(running, namespace, len(latencies)))
    for quantile, share in QUANTILES.items():
        figures[f"{quantile} of the service itself, {at}"] = percentile(decisions, share)
        create = percentile(latencies, share)
        figures[f"{quantile} of a create, {at}"] = create
        figures[f"{quantile} added to a create, {at}"] = create - figures[f"{quantile} of a create, without, {rate}/s"]


def _decisions(running: Pod, namespace: str, number: int) -> list[float]:
    """How long the service has worked on each review of a namespace, by its log; nothing before all are there."""
    found = [line["ms"] / 1e3 for line in running.decisions(namespace=namespace, kind="Pod")]
    return found if len(found) >= number else []


def _pod(number: int) -> dict[str, Any]:
    security = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    container = {"name": "api", "image": f"registry.example/shop/api:{number}", "securityContext": security}
    spec = {
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
    }
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"web-{number}"}, "spec": spec}

"""Part `stores`: a cluster of 10,000 namespaces with a NetworkPolicy each, and what reading it all again costs."""

import contextlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from controlplane import ControlPlane
from service import until

from bench import objects, permissions, process
from bench.failure import Failed
from bench.large import Large
from bench.openloop import Request, at_rate, percentile
from bench.rig import SIZES, made
from bench.servers import Server

RATE = 100
ALONE, SYNCING, RELISTING = 10, 20, 40
"""Seconds of reviews: alone, from the first moment on, and while the API server begins anew. The reflectors wait up to
some seconds before they try again."""

Say = Callable[[str], None]


def measure(cores: tuple[int, int], folder: Path, *, with_roles: bool, say: Say) -> dict[str, float]:
    """The figures.

    Args:
        cores: of the service, and of everything else.
        folder: for files.
        with_roles: whether there are roles and bindings as well.
        say: told what is going on.

    Raises:
        Failed: something was answered wrongly, or not read.
    """
    with ControlPlane() as plane:
        large = Large(plane, cores, folder)
        large.stop_controllers()
        say("stores: creating namespaces and NetworkPolicies")
        with large.filling():
            number = large.fill(lambda number: [objects.namespace(number)], lambda n: [objects.network_policy(n)])
            large.create([objects.account(0)])
        figures = _stores(large, number, say)
        if with_roles:
            say("stores: creating roles and bindings")
            with large.filling():
                bound = large.fill(lambda number: [objects.role(number)], objects.bindings)
            say("stores: with roles and bindings")
            name, whole = permissions.name(bound), f"memory with {number:,} namespaces and NetworkPolicies"
            with large.service() as (server, begun):
                figures[f"start to ready with {name}"] = _ready(server, begun, number)
                figures[f"memory of {name}"] = _memory(server) - figures[whole]
            figures |= permissions.measure(plane.kubeconfig, folder, bound, say)
    return figures


def _stores(large: Large, number: int, say: Say) -> dict[str, float]:
    """The figures of namespaces and NetworkPolicies."""
    figures, called = {}, f"{number:,} namespaces and NetworkPolicies"
    with large.service() as (server, begun):
        say("stores: until it is ready")
        figures[f"start to ready with {called}"] = _ready(server, begun, number)
        figures[f"memory with {called}"] = _memory(server)
        say("stores: reviews alone")
        alone = _reviews(server, 2) and _reviews(server, ALONE)
        _told(figures, alone, "alone")
        say("stores: reviews beside a relist")
        with _sending(server, RELISTING) as (since, latencies):
            time.sleep(1)
            large.begin_anew()
        beside = _within(latencies, since, large.lists(since))
        _told(figures, beside, "relist")
        over = max(beside) - percentile(alone, 0.5)
        figures[f"longest review beside a relist of {number:,} over p50 alone"] = over
        figures[f"highest memory with {called}"] = process.memory(server.pid)[1]
    with large.service() as (server, _):
        say("stores: reviews beside the first sync")
        with _sending(server, SYNCING, allowed=False) as (since, latencies):
            pass
        _told(figures, _within(latencies, since, large.lists(since - 1)), "first sync")
    return figures


def _told(figures: dict[str, float], latencies: list[float], when: str) -> None:
    figures[f"p50 of a review, {when}"] = percentile(latencies, 0.5)
    figures[f"p99 of a review, {when}"] = percentile(latencies, 0.99)
    figures[f"longest review, {when}"] = max(latencies)
    figures[f"reviews, {when}"] = len(latencies)


def _reviews(server: Server, seconds: int, *, allowed: bool = True) -> list[float]:
    """Reviews at a rate from one connection; the latency of each from when it was due, in order."""
    bodies = made(SIZES["6 KB"])
    contains = b'"allowed":true' if allowed else b'"allowed":'  # what is not read yet may be a reason to deny
    requests = [
        Request("/validate?timeout=10s", bodies[index % len(bodies)], 200, contains) for index in range(RATE * seconds)
    ]
    return at_rate(server.connection, requests, RATE, connections=1)


@contextlib.contextmanager
def _sending(server: Server, seconds: int, *, allowed: bool = True) -> Iterator[tuple[float, list[float]]]:
    """Reviews while the block runs and after it: when they began, and their latencies once all have been answered."""
    made(SIZES["6 KB"])  # before the time counts
    latencies: list[float] = []
    with ThreadPoolExecutor(1) as executor:
        since = time.time()
        sent = executor.submit(_reviews, server, seconds, allowed=allowed)
        yield since, latencies
        latencies += sent.result()


def _within(latencies: list[float], since: float, window: tuple[float, float]) -> list[float]:
    """Those of a window of time, with half a second around it: what was read is still to be taken up."""
    first, last = (round((moment - since) * RATE) for moment in (window[0] - 0.5, window[1] + 0.5))
    if last > len(latencies):
        raise Failed(f"it took until {window[1] - since:.0f} s after the first review to read all, which is too long")
    return latencies[max(0, first) : last]


def _ready(server: Server, begun: float, namespaces: int) -> float:
    """Seconds from its start to its readiness.

    Raises:
        Failed: it is ready without all that there is.
    """

    def is_ready() -> bool:
        try:
            with urlopen(f"{server.health}/readyz", timeout=10):  # noqa: S310  # our own URL
                return True
        except HTTPError as error:
            error.close()
            return False

    until(is_ready)
    seconds = time.monotonic() - begun
    for kind in ("namespaces", "networkpolicies"):
        expected = f'gatewright_store_objects{{kind="{kind}"}} '
        found = [line for line in server.metrics().splitlines() if line.startswith(expected)]
        if not found or float(found[0].removeprefix(expected)) < namespaces:
            raise Failed(f"the service is ready with {found} of {namespaces} {kind}")
    return seconds


def _memory(server: Server) -> float:
    time.sleep(1)
    return process.memory(server.pid)[0]

"""Part `stores`: a cluster of 10,000 namespaces with a NetworkPolicy each, and what reading it all again costs."""

import contextlib
import datetime
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from controlplane import ControlPlane, processes, run
from controlplane.processes import Process
from service import Pod, environment, until

from bench import objects, permissions, process
from bench.behind import Client, bind
from bench.failure import Failed
from bench.objects import Object
from bench.openloop import Request, at_rate, percentile
from bench.rig import SIZES, made
from bench.servers import TOP, Certificate, Server

MOST = 10_000
"""Namespaces, and roles."""

CHUNK, PATIENCE = 1_000, 90.0
"""Objects of a kind that are created at once; seconds after which no more of them are."""

CREATORS = 8
RATE = 100
ALONE, SYNCING, RELISTING = 10, 20, 40
"""Seconds of reviews: alone, from the first moment on, and while the API server begins anew. The reflectors wait up to
some seconds before they try again."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Bench:
    """A control plane with the cores of what is measured and of everything else."""

    plane: ControlPlane
    cores: tuple[int, int]
    folder: Path

    def create(self, items: Iterable[Object]) -> None:
        """Creates objects, over a few connections."""
        headers = (("Content-Type", "application/json"), ("Authorization", f"Bearer {self.plane.token('admin')}"))
        requests = [Request(objects.path_of(one), json.dumps(one).encode(), 201, headers=headers) for one in items]
        at_rate(Client(self.plane).connect, requests, rate=1e9, connections=CREATORS)  # all are due at once

    def fill(self, *kinds: Callable[[int], list[Object]]) -> int:
        """Creates objects of these kinds by their numbers, up to `MOST` of each and `PATIENCE`; how many of each."""
        end = time.monotonic() + PATIENCE
        for begin in range(0, MOST, CHUNK):
            if time.monotonic() > end:
                return begin
            for kind in kinds:
                self.create(one for number in range(begin, begin + CHUNK) for one in kind(number))
        return MOST

    def step_aside(self) -> None:
        """Has the API server and etcd run on the core of the clients: in a cluster they are elsewhere."""
        for name in ("etcd", "kube-apiserver"):
            pid = _state(self.plane).processes[name].pid
            for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208  # names are numbers here
                with contextlib.suppress(ProcessLookupError):
                    os.sched_setaffinity(int(thread), {self.cores[1]})

    @contextlib.contextmanager
    def service(self) -> Iterator[tuple[Server, float]]:
        """The service by the default profile, on a core of its own, as soon as it listens; and when it was started."""
        certificate = Certificate.made(self.folder)
        options = ["--port=0", "--health-port=0", "--drain=0", f"--kubeconfig={self.plane.kubeconfig}"]
        options += [f"--certificate={certificate.certificate}", f"--key={certificate.key}"]
        begun = time.monotonic()
        with (self.folder / "log").open("wb") as log:
            running = subprocess.Popen(
                [sys.executable, "-m", "gatewright", "serve", *options], stdout=log, stderr=subprocess.STDOUT,
                env=environment() | {"PYTHONPATH": str(TOP / "app")},
            )  # fmt: skip
        pod = Pod(running, self.folder, "127.0.0.1")
        try:
            bind(pod, self.cores[0])  # threads that it starts later inherit it
            until(lambda: pod.lines or running.poll() is not None)
            if running.poll() is not None:
                raise Failed(f"the service did not start: {pod.log.read_text().strip()}")
            told = pod.lines[0]
            yield Server(running.pid, told["webhook"], told["health"], certificate, 0.0, 0.0), begun
        finally:
            pod.stop()

    def begin_anew(self) -> None:
        """Kills the API server and starts it again where this runs: it has forgotten what happened, and every store is
        read again."""
        self.create([{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "later", "namespace": "default"}}])
        state = _state(self.plane)
        server = state.processes["kube-apiserver"]
        processes.kill([server])
        child = processes.start(server.command, self.plane.folder / "kube-apiserver.log")
        self.plane._watchdog.guard(child.pid)
        self.plane._children["kube-apiserver"] = child
        state.processes["kube-apiserver"] = Process(child.pid, server.command)
        state.save(self.plane.folder)

    def lists(self, since: float) -> tuple[float, float]:
        """When the service began to read namespaces and NetworkPolicies, and when it had read them; seconds since 1970.

        Raises:
            Failed: it has read neither since then.
        """
        with (self.plane.folder / "audit.log").open("rb") as log:
            listed = [json.loads(line) for line in log if b'"verb":"list"' in line and line.endswith(b"\n")]
        kinds = {"namespaces", "networkpolicies"}
        found = [
            (_seconds(one["requestReceivedTimestamp"]), _seconds(one["stageTimestamp"]), one["objectRef"]["resource"])
            for one in listed
            if one["objectRef"]["resource"] in kinds and one["user"]["username"] == "admin"
        ]
        found = [one for one in found if one[0] >= since]
        if {kind for *_, kind in found} != kinds:
            raise Failed("the service has not read namespaces and NetworkPolicies again")
        return min(begun for begun, *_ in found), max(ended for _, ended, _ in found)


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
        bench = Bench(plane, cores, folder)
        # they would add two objects to each namespace, for minutes
        processes.kill([_state(plane).processes["kube-controller-manager"]])
        say("stores: creating namespaces and NetworkPolicies")
        with _everywhere(cores):
            number = bench.fill(lambda number: [objects.namespace(number)], lambda n: [objects.network_policy(n)])
            bench.create([objects.account(0)])
        bench.step_aside()
        figures = _stores(bench, number, say)
        if with_roles:
            say("stores: creating roles and bindings")
            with _everywhere(cores):
                bound = bench.fill(lambda number: [objects.role(number)], objects.bindings)
            bench.step_aside()
            say("stores: with roles and bindings")
            name, whole = permissions.name(bound), f"memory with {number:,} namespaces and NetworkPolicies"
            with bench.service() as (server, begun):
                figures[f"start to ready with {name}"] = _ready(server, begun, number)
                figures[f"memory of {name}"] = _memory(server) - figures[whole]
            figures |= permissions.measure(plane.kubeconfig, folder, bound, say)
    return figures


def _stores(bench: Bench, number: int, say: Say) -> dict[str, float]:
    """The figures of namespaces and NetworkPolicies."""
    figures, called = {}, f"{number:,} namespaces and NetworkPolicies"
    with bench.service() as (server, begun):
        say("stores: until it is ready")
        figures[f"start to ready with {called}"] = _ready(server, begun, number)
        figures[f"memory with {called}"] = _memory(server)
        say("stores: reviews alone")
        alone = _reviews(server, 2) and _reviews(server, ALONE)
        _told(figures, alone, "alone")
        say("stores: reviews beside a relist")
        with _sending(server, RELISTING) as (since, latencies):
            time.sleep(1)
            bench.begin_anew()
        beside = _within(latencies, since, bench.lists(since))
        _told(figures, beside, "relist")
        over = max(beside) - percentile(alone, 0.5)
        figures[f"longest review beside a relist of {number:,} over p50 alone"] = over
        figures[f"highest memory with {called}"] = process.memory(server.pid)[1]
    with bench.service() as (server, _):
        say("stores: reviews beside the first sync")
        with _sending(server, SYNCING, allowed=False) as (since, latencies):
            pass
        _told(figures, _within(latencies, since, bench.lists(since - 1)), "first sync")
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


@contextlib.contextmanager
def _everywhere(cores: tuple[int, int]) -> Iterator[None]:
    """Both cores for what is started and created here."""
    os.sched_setaffinity(0, set(cores))
    yield
    os.sched_setaffinity(0, {cores[1]})


def _state(plane: ControlPlane) -> run.Run:
    state = run.load(plane.folder)
    if state is None:
        raise Failed("the control plane is gone")
    return state


def _seconds(moment: str) -> float:
    return datetime.datetime.fromisoformat(moment).timestamp()

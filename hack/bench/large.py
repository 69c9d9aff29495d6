"""A control plane that holds a large cluster, and the service that reads it."""

import contextlib
import datetime
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from controlplane import ControlPlane, processes, run
from controlplane.processes import Process
from service import Pod, environment, until

from bench import objects
from bench.behind import Client, bind
from bench.failure import Failed
from bench.objects import Object
from bench.openloop import Request, at_rate
from bench.servers import TOP, Certificate, Server

MOST = 10_000
"""Namespaces, and roles."""

CHUNK, PATIENCE = 1_000, 90.0
"""Objects of a kind that are created at once; seconds after which no more of them are."""

CREATORS = 8


@dataclass(frozen=True)
class Large:
    """A control plane, the cores of the service and of everything else, and a folder for the service's files."""

    plane: ControlPlane
    cores: tuple[int, int]
    folder: Path

    def stop_controllers(self) -> None:
        """Ends the controllers, which would add two objects to each namespace, for minutes."""
        processes.kill([_state(self.plane).processes["kube-controller-manager"]])

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

    @contextlib.contextmanager
    def filling(self) -> Iterator[None]:
        """Both cores for what is created; afterwards API server and etcd are on that of the clients: in a cluster they
        are elsewhere."""
        os.sched_setaffinity(0, set(self.cores))
        yield
        os.sched_setaffinity(0, {self.cores[1]})
        self._step_aside()

    def _step_aside(self) -> None:
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


def _state(plane: ControlPlane) -> run.Run:
    state = run.load(plane.folder)
    if state is None:
        raise Failed("the control plane is gone")
    return state


def _seconds(moment: str) -> float:
    return datetime.datetime.fromisoformat(moment).timestamp()

"""An API server that is ended and started again on the same data, as an upgrade does."""

import contextlib
import subprocess
from collections.abc import Iterator

from controlplane import ControlPlane, processes, run
from controlplane.processes import Process
from controlplane.readiness import Starting
from service import PATIENCE

SERVER = "kube-apiserver"


@contextlib.contextmanager
def restarted(plane: ControlPlane) -> Iterator[None]:
    """Starts it again, waits until it is ready, and ends the new one with the block: nothing else would."""
    state = run.load(plane.folder)
    assert state is not None
    before = state.processes[SERVER]
    processes.kill([before])
    server = processes.start(before.command, plane.folder / f"{SERVER}.log")
    try:
        state.processes[SERVER] = Process(server.pid, before.command)
        state.save(plane.folder)
        Starting(plane.folder, int(plane.url.rpartition(":")[2])).wait_for_api({SERVER: server})
        yield
    finally:
        _end(server)


def _end(server: subprocess.Popen[bytes]) -> None:
    server.kill()
    server.wait(PATIENCE)

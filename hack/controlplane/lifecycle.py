"""Starts a control plane in a folder, and ends it."""

import json
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from urllib.parse import urlsplit

from controlplane import processes, run, servers
from controlplane.certificates import Authority, signing_pair
from controlplane.failure import Failed
from controlplane.processes import Process
from controlplane.readiness import Starting
from controlplane.run import Run
from controlplane.servers import Options
from controlplane.users import write_kubeconfig, write_tokens

API_SERVER_NAMES = ["127.0.0.1", "localhost", "kubernetes.default.svc"]

Servers = dict[str, Popen[bytes]]


def start(
    folder: Path, options: Options, binaries: Mapping[str, Path], started: Callable[[int], None] = lambda _: None
) -> Servers:
    """Starts the servers in a folder that nothing runs in, and waits until they can be worked with.

    Args:
        folder: where all that they write goes; nobody else may start something there meanwhile (`run.locked`).
        options: what is different from the default.
        binaries: the program of each name in `binaries.NAMES`.
        started: called with each server's pid as soon as it has one.

    Raises:
        Failed: one of them did not start; those that did have been ended, the logs are still there.
    """
    run.clear(folder)
    children: Servers = {}
    with _reserved(options.port) as port:
        state = Run(f"https://127.0.0.1:{port}", "", options.emulate, list(options.disable), str(binaries["kubectl"]))
        state.save(folder)

        def begin(name: str, *arguments: str) -> None:
            command = (str(binaries[name]), *arguments)
            children[name] = processes.start(command, folder / f"{name}.log")
            started(children[name].pid)
            state.processes[name] = Process(children[name].pid, command)
            state.save(folder)

        try:
            _prepare(folder, state.url)
            begin("etcd", *servers.etcd(folder))
            begin("kube-apiserver", *servers.kube_apiserver(folder, port, options))
            starting = Starting(folder, port)
            version = starting.wait_for_api(children)
            begin("kube-controller-manager", *servers.kube_controller_manager(folder, options))
            starting.wait_for_controllers(children)
        except BaseException:
            for child in children.values():
                child.kill()
                child.wait()
            raise
        state.version = version
        state.save(folder)
    return children


def _prepare(folder: Path, url: str) -> None:
    """Writes what the servers and their users identify themselves by, and the audit policy."""
    authority = Authority(folder)
    names = [*API_SERVER_NAMES, servers.service_ip(urlsplit(url).port or 0, 1)]
    authority.server("kube-apiserver", names)
    authority.client("admin", "admin", "system:masters")
    authority.client("kube-controller-manager", "system:kube-controller-manager")
    signing_pair(folder / "service-accounts")
    write_kubeconfig(folder / "kubeconfig", url, "admin", write_tokens(folder / "tokens.csv"))
    write_kubeconfig(folder / "kube-controller-manager.kubeconfig", url, "kube-controller-manager")
    (folder / "audit-policy.json").write_text(json.dumps(servers.AUDIT_POLICY))


@contextmanager
def _reserved(port: int) -> Iterator[int]:
    """A port of 127.0.0.1 that nobody else gets as long as the block runs; the API server shares it.

    Raises:
        Failed: somebody listens there.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise Failed(f"port {port} of 127.0.0.1: {error}; name another, or none for a free one") from error
        found: int = probe.getsockname()[1]
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind(("127.0.0.1", found))
        yield found


def end(folder: Path) -> list[str]:
    """Ends what runs in a folder.

    Returns:
        The names of the servers that were running.

    Raises:
        Failed: one does not end.
    """
    state = run.load(folder)
    alive = {name: process for name, process in (state.processes if state else {}).items() if process.is_alive}
    processes.kill(alive.values())
    return list(alive)

"""A control plane as its users see it, and the one that a test starts and stops."""

import json
import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from controlplane import binaries, lifecycle, run
from controlplane.failure import Failed
from controlplane.servers import Options
from controlplane.users import read_tokens
from controlplane.watchdog import Watchdog


class Plane:
    """A control plane that runs in a folder, whoever has started it.

    Raises:
        Failed: none runs there.
    """

    def __init__(self, folder: Path) -> None:
        state = run.load(folder)
        if state is None or not state.is_up:
            raise Failed(f"no control plane runs in {folder}; hack/control-plane up starts one")
        self.folder = folder
        self.url = state.url
        """The API server's, `https://127.0.0.1:PORT`."""
        self.version = state.version
        """The API server's own, `v1.37.2`, whatever it emulates."""
        self.emulate = state.emulate
        """The minor that it behaves as, `1.34`, which `/version` tells as emulationMinor; empty: its own."""
        self.program = Path(state.kubectl)
        """The kubectl that fits it."""

    @property
    def kubeconfig(self) -> Path:
        """The administrator's, with a user and a context for every other user as well."""
        return self.folder / "kubeconfig"

    @property
    def ca(self) -> Path:
        """The certificate authority of the API server and of client certificates, PEM."""
        return self.folder / "ca.crt"

    @property
    def environment(self) -> dict[str, str]:
        """What makes a kubectl use this plane, and keep its own files and the reader's preferences out of it."""
        cache = str(self.folder / "kubectl-cache")
        return {"KUBECONFIG": str(self.kubeconfig), "KUBECACHEDIR": cache, "KUBERC": "off"}

    @property
    def settings(self) -> list[str]:
        """Lines that make the kubectl of somebody's shell this plane's."""
        lines = [f"export {name}={shlex.quote(value)}" for name, value in self.environment.items()]
        return [*lines, f'export PATH={shlex.quote(str(self.program.parent))}:"$PATH"']

    def kubectl(
        self,
        *arguments: str | Path,
        input: str | None = None,  # noqa: A002 - as subprocess.run calls it
        check: bool = False,
        user: str | None = None,
        timeout: float = 60,
    ) -> subprocess.CompletedProcess[str]:
        """Runs kubectl, in English, and returns what it prints.

        Args:
            arguments: its arguments.
            input: its standard input; nothing unless given.
            check: raise where it fails.
            user: one of `users.USERS`; the administrator unless given.
            timeout: seconds, after which it is killed.

        Raises:
            subprocess.CalledProcessError: it failed, and `check` is set; a note has what it printed.
            subprocess.TimeoutExpired: it took too long.
        """
        command = [self.program, f"--kubeconfig={self.kubeconfig}", *([f"--user={user}"] if user else []), *arguments]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("KUBE")}
        environment = inherited | self.environment | {"LC_ALL": "C"}
        done = subprocess.run(
            command, input=input or "", capture_output=True, text=True, check=False, timeout=timeout, env=environment
        )
        try:
            if check:
                done.check_returncode()
        except subprocess.CalledProcessError as error:
            error.add_note((done.stderr + done.stdout).strip())
            raise
        return done

    def token(self, user: str) -> str:
        """The bearer token of one of `users.USERS`.

        Raises:
            KeyError: there is no such user.
        """
        return read_tokens(self.folder / "tokens.csv")[user]

    def audit_events(self) -> list[dict[str, Any]]:
        """The events of the audit log, oldest first: those of every request that has been answered."""
        written = (self.folder / "audit.log").read_bytes()
        return [json.loads(line) for line in written[: written.rfind(b"\n") + 1].splitlines()]


class ControlPlane(Plane):
    """A control plane of one's own, in a folder under the system's temporary one, until the block or the process ends.

    Args:
        emulate: the minor that the servers behave as, `1.34` or later.
        disable: admission plugins that shall be off, `PodSecurity`.
        port: the API server's on 127.0.0.1; a free one unless given.
        arguments: further flags of kube-apiserver, `--name=value`.

    Raises:
        Failed: it did not start.
    """

    def __init__(
        self, *, emulate: str = "", disable: Iterable[str] = (), port: int = 0, arguments: Iterable[str] = ()
    ) -> None:
        programs = binaries.find()
        self.folder = Path(tempfile.mkdtemp(prefix="gatewright-control-plane-"))
        self._watchdog = Watchdog(self.folder)
        self._children: lifecycle.Servers = {}
        try:
            options = Options(emulate, tuple(disable), port, tuple(arguments))
            self._children = lifecycle.start(self.folder, options, programs, self._watchdog.guard)
            super().__init__(self.folder)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends the servers and removes the folder; a second time it does nothing."""
        lifecycle.end(self.folder)
        self._watchdog.end()  # before their pids are given up: it kills what it was told of
        for child in self._children.values():
            child.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

"""A container of the image as a node would start it, by the runtime alone: no engine, no daemon."""

import contextlib
import json
import platform
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.image.built import Image
from tests.service.harness import PATIENCE

PROFILE = Path("/usr/share/containers/seccomp.json")
"""RuntimeDefault, as it comes with buildah on Debian."""

MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
HIDDEN = ("/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug", "/sys/firmware")
FIXED = ("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")
CAPABILITIES = ("bounding", "effective", "inheritable", "permitted", "ambient")


@dataclass(frozen=True)
class Sandbox:
    """How a container is confined; as little as `deploy/` gives it, where nothing else is said.

    Attributes:
        image: what it runs.
        uid, gid: whom it runs as.
        mounts: folders of this machine by their path in it; those that `writable` names can be written to.
        memory: bytes at most, 0 for any.
    """

    image: Image
    uid: int = 54321
    gid: int = 54321
    mounts: Mapping[str, Path] = field(default_factory=dict)
    writable: frozenset[str] = frozenset()
    memory: int = 0

    def spec(self, command: list[str]) -> dict[str, Any]:
        """A runtime's configuration: the root is read-only, there are no capabilities and no way to any."""
        config = self.image.archive.config["config"]
        process = {
            "user": {"uid": self.uid, "gid": self.gid},
            "args": command,
            "env": [*config["Env"], "HOME=/"],  # a runtime sets it for who has no entry in /etc/passwd
            "cwd": config["WorkingDir"],
            "capabilities": {kind: [] for kind in CAPABILITIES},
            "noNewPrivileges": True,
        }
        own = [
            {
                "destination": at,
                "source": str(folder),
                "type": "bind",
                "options": ["bind", "rw" if at in self.writable else "ro", "nosuid", "nodev"],
            }
            for at, folder in self.mounts.items()
        ]
        return {
            "ociVersion": "1.0.2",
            "process": process,
            "root": {"path": str(self.image.root), "readonly": True},
            "mounts": [
                {"destination": "/proc", "type": "proc", "source": "proc"},
                {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"]},
                *own,
            ],
            "linux": {
                "namespaces": [{"type": kind} for kind in ("pid", "ipc", "uts", "mount")],
                "maskedPaths": HIDDEN,
                "readonlyPaths": FIXED,
                "seccomp": seccomp(),
                "resources": {"memory": {"limit": self.memory}} if self.memory else {},
            },
        }

    def entry(self, *arguments: str) -> list[str]:
        """The image's entry point, with arguments."""
        return [*self.image.archive.config["config"]["Entrypoint"], *arguments]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """What a command in it prints, at its end."""
        with self._bundle(list(command)) as runtime:
            return subprocess.run(runtime, capture_output=True, text=True, timeout=PATIENCE * 3, check=False)

    def gatewright(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What the image's program prints, at its end."""
        return self.run(*self.entry(*arguments))

    def python(self, text: str) -> subprocess.CompletedProcess[str]:
        """What a program for the image's interpreter prints."""
        return self.run("/opt/gatewright/bin/python", "-c", text)

    @contextlib.contextmanager
    def started(self, log: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
        """The image's program as it goes on, and the file that has its own process id; it has ended afterwards."""
        pid = log.with_name("pid")
        with self._bundle(self.entry(*arguments)) as runtime, log.open("wb") as output:
            command = [*runtime[:-1], "--pid-file", str(pid), runtime[-1]]
            process = subprocess.Popen(command, stdout=output, stderr=output)
            try:
                yield process, pid
            finally:
                process.terminate()  # the runtime hands it on
                process.wait(PATIENCE)

    @contextlib.contextmanager
    def _bundle(self, command: list[str]) -> Iterator[list[str]]:
        with tempfile.TemporaryDirectory() as name:
            Path(name, "config.json").write_text(json.dumps(self.spec(command)))
            state, container = f"{name}/state", Path(name).name
            yield ["runc", "--root", state, "run", "--bundle", name, container]


def seccomp() -> dict[str, Any]:
    """The default profile for a process without capabilities, as a runtime is given it."""
    profile = json.loads(PROFILE.read_text())
    machine = MACHINES[platform.machine()]
    own = f"SCMP_ARCH_{platform.machine().upper()}"
    [names] = [one for one in profile["archMap"] if one["architecture"] == own]
    return {
        "defaultAction": profile["defaultAction"],
        "defaultErrnoRet": profile["defaultErrnoRet"],
        "architectures": [own, *(names["subArchitectures"] or ())],
        "syscalls": [
            {key: rule[key] for key in ("names", "action", "args", "errnoRet") if rule.get(key) is not None}
            for rule in profile["syscalls"]
            if not rule["includes"].get("caps") and machine in rule["includes"].get("arches", [machine])
        ],
    }

"""Builds the programs out of Go modules, pinned by the go.sum beside each go.mod here, into the user's cache."""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cache import ROOT

from controlplane.failure import Failed
from controlplane.progress import Progress

HERE = Path(__file__).resolve().parent
GO = HERE.parent / "go"

_PIN = re.search(r"^require k8s\.io/kubernetes (v(\d+)\.(\d+)\.\d+)$", (HERE / "kubernetes/go.mod").read_text(), re.M)
if _PIN is None:
    raise Failed(f"{HERE / 'kubernetes/go.mod'}: requires no k8s.io/kubernetes")
VERSION = _PIN[1]
"""Of Kubernetes, as its go.mod has it."""

CACHE = ROOT / "control-plane" / VERSION

WEIGHTS = {"kube-apiserver": 261, "kube-controller-manager": 71, "kubectl": 18, "etcd": 27}
"""Seconds that each took on two cores, one after the other from an empty cache: so their shares of the whole."""

SHARED = 105
"""Seconds more for one that is built without those before it: kubectl alone took 123."""

NAMES = tuple(WEIGHTS)

# A server that is built without them calls itself v0.0.0: emulation and version checks then fail.
_VERSIONS = {
    "k8s.io/component-base/version.gitVersion": VERSION,
    "k8s.io/component-base/version.gitMajor": _PIN[2],
    "k8s.io/component-base/version.gitMinor": _PIN[3],
    "k8s.io/client-go/pkg/version.gitVersion": VERSION,
}
_LDFLAGS = " ".join(["-s", "-w", *(f"-X {name}={value}" for name, value in _VERSIONS.items())])
_FLAGS = ["-trimpath", "-buildvcs=false", "-ldflags", _LDFLAGS]


def build(names: Iterable[str]) -> None:
    """Builds programs into the cache, one after the other; those that another process has built meanwhile are left.

    Raises:
        Failed: one could not be built.
    """
    with _alone():
        missing = [name for name in names if not (CACHE / name).exists()]
        if not missing:
            return
        go = _toolchain()
        progress = Progress(f"building Kubernetes {VERSION} into {CACHE}, once", weights(missing))
        with tempfile.TemporaryDirectory(prefix=".building-", dir=CACHE) as scratch, progress:
            for name in missing:
                progress.begin(name, "fetching sources")
                _build(go, name, Path(scratch), progress)
                (Path(scratch) / name).replace(CACHE / name)


def weights(names: list[str]) -> dict[str, float]:
    """The seconds that each of some programs is expected to take; the first also compiles what the others share."""
    expected: dict[str, float] = {name: WEIGHTS[name] for name in names}
    if names[0] in ("kube-controller-manager", "kubectl"):
        expected[names[0]] += SHARED
    return expected


@contextmanager
def _alone() -> Iterator[None]:
    """Lets one process at a time build, and removes what one that was killed has left behind."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with CACHE.with_name(f"{VERSION}.busy").open("w") as busy:
        try:
            fcntl.flock(busy, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"another process builds Kubernetes {VERSION}; waiting for it", file=sys.stderr, flush=True)
            fcntl.flock(busy, fcntl.LOCK_EX)
        for left in CACHE.glob(".building-*"):
            shutil.rmtree(left, ignore_errors=True)  # its compilers may still write there
        yield


def _toolchain() -> str:
    found = subprocess.run([sys.executable, GO], stdout=subprocess.PIPE, text=True, check=False)
    if found.returncode:
        raise Failed("there is no Go to build Kubernetes with; put one of 1.26 or later on the PATH")
    return found.stdout.strip()


def _build(go: str, name: str, scratch: Path, progress: Progress) -> None:
    module, package = (HERE / "etcd", ".") if name == "etcd" else (HERE / "kubernetes", f"k8s.io/kubernetes/cmd/{name}")
    # The caller's workspace, vendor folder and flags have no say; where modules come from is the caller's to say.
    settings = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly", "GOWORK": "off", "GOTOOLCHAIN": "local"}
    environment = {name: value for name, value in os.environ.items() if name not in ("GOOS", "GOARCH", "GOEXPERIMENT")}
    environment |= settings | {"GOTMPDIR": str(scratch)}
    total = len(_go([go, "list", "-deps", package], module, environment, scratch, lambda _: None))
    command = [go, "build", "-v", *_FLAGS, "-o", str(scratch / name), package]
    _go(command, module, environment, scratch, lambda told: progress.reach(len(told), total))


def _go(
    command: list[str], module: Path, environment: dict[str, str], scratch: Path, tick: Callable[[list[str]], None]
) -> list[str]:
    """Runs a Go command in a module; the packages that it names, which `tick` is given every second until then.

    Raises:
        Failed: it failed; what it said is in the message.
    """
    output = scratch / "output"
    with output.open("wb") as written:
        process = subprocess.Popen(command, cwd=module, env=environment, stdout=written, stderr=subprocess.STDOUT)
        try:
            while True:
                try:
                    code = process.wait(timeout=1)
                    break
                except subprocess.TimeoutExpired:
                    tick(_packages(output))
        except BaseException:
            process.send_signal(signal.SIGINT)  # with it, Go ends its compilers first
            process.wait()
            raise
    if code:
        said = "\n  ".join(output.read_text(errors="replace").splitlines()[-12:])
        remedy = "KUBEBUILDER_ASSETS names a folder of programs that you have"
        raise Failed(f"{' '.join(command[:2])} {command[-1]} has failed ({remedy}):\n  {said}")
    return _packages(output)


def _packages(output: Path) -> list[str]:
    """Lines that are a package's path, and neither a download's nor a compiler's words."""
    return [line for line in output.read_text(errors="replace").splitlines() if re.fullmatch(r"[\w./~-]+", line)]

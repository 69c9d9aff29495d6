"""The command line: what `hack/control-plane` does."""

import argparse
import os
import shlex
import signal
import sys
import time
from argparse import Namespace
from pathlib import Path

from cache import ROOT

from controlplane import binaries, lifecycle, run
from controlplane.failure import Failed
from controlplane.plane import Plane
from controlplane.run import Run
from controlplane.servers import Options
from controlplane.users import USERS

PROGRAM = "hack/control-plane"
FOLDER = ROOT / "control-plane" / "run"


def main(arguments: list[str]) -> int:
    """Does what the arguments say; the exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # not at once: what was begun is undone
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what it puts into the background without
    own, for_kubectl = arguments, []
    if "kubectl" in arguments:
        after = arguments.index("kubectl") + 1
        own, for_kubectl = arguments[:after], arguments[after:]
    asked = _parser().parse_args(own, Namespace(for_kubectl=for_kubectl))
    asked.dir = asked.dir.absolute()
    try:
        status: int = asked.do(asked)
    except Failed as failed:
        print(f"{PROGRAM}: {failed}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="A Kubernetes control plane on this machine. It listens on loopback, and reads and writes no "
        "kubeconfig but its own.",
    )
    told = "the folder that it runs in (default: %(default)s)"
    parser.add_argument("--dir", type=Path, default=FOLDER, metavar="DIR", help=told)
    where = argparse.ArgumentParser(add_help=False)  # given behind the command, it counts as well
    where.add_argument("--dir", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    up = commands.add_parser("up", parents=[where], help="start it; what is not here yet is built, which takes minutes")
    up.add_argument("--emulate", default="", metavar="1.N", help="behave as this minor does, 1.34 or later")
    up.add_argument("--port", type=int, default=0, metavar="N", help="the API server's (default: a free one)")
    up.add_argument(
        "--disable-admission-plugins", default="", metavar="A,B", help="of those that are on by default: PodSecurity"
    )
    up.set_defaults(do=_up)
    for name, do, told in (
        ("down", _down, "end it and remove what it has written"),
        ("status", _status, "what runs, and what to type next (exit status 1: nothing does)"),
        ("kubectl", _kubectl, f"kubectl on it, with all that follows; --user {' | '.join(USERS)}"),
        ("env", _env, f'settings of a shell whose kubectl uses it: eval "$({PROGRAM} env)"'),
        ("build", _build, "find or build the programs, start nothing"),
    ):
        commands.add_parser(name, parents=[where], help=told).set_defaults(do=do)
    return parser


def _up(asked: Namespace) -> int:
    disable = tuple(filter(None, asked.disable_admission_plugins.split(",")))
    options = Options(asked.emulate.removeprefix("v"), disable, asked.port)
    with run.locked(asked.dir):
        state = run.load(asked.dir)
        if state and state.is_up:
            _refuse_another(state, options, asked.dir)
        else:
            programs = binaries.find()
            if lifecycle.end(asked.dir):
                print("ended what was left of the last one")
            began = time.monotonic()
            lifecycle.start(asked.dir, options, programs)
            print(f"ready after {time.monotonic() - began:.1f} s")
    return _status(asked)


def _refuse_another(state: Run, options: Options, folder: Path) -> None:
    """Raises Failed where something else was asked for than what runs."""
    for flag, wanted, is_so in (
        ("--emulate", options.emulate, state.emulate),
        ("--disable-admission-plugins", ",".join(options.disable), ",".join(state.disable)),
        ("--port", str(options.port or ""), state.url.rpartition(":")[2]),
    ):
        if wanted and wanted != is_so:
            runs = f"one runs already in {folder}, its {flag} is {is_so or 'not set'}"
            raise Failed(f"{runs}; {_with(folder)} down first")


def _with(folder: Path) -> str:
    """This program as a person would type it."""
    return PROGRAM if folder == FOLDER else f"{PROGRAM} --dir {shlex.quote(str(folder))}"


def _down(asked: Namespace) -> int:
    if not asked.dir.exists():
        print(f"nothing runs in {asked.dir}")
        return 0
    with run.locked(asked.dir):
        ended = lifecycle.end(asked.dir)
        run.remove(asked.dir)
    print(f"ended {', '.join(ended)}" if ended else f"nothing ran in {asked.dir}")
    return 0


def _status(asked: Namespace) -> int:
    state = run.load(asked.dir)
    if state is None:
        print(f"nothing runs in {asked.dir}; {_with(asked.dir)} up starts a control plane")
        return 1
    for name, process in state.processes.items():
        print(f"{name}: {f'pid {process.pid}' if process.is_alive else 'has ended'}, log {asked.dir / name}.log")
    if not state.is_up:
        print(f"It is not usable; {_with(asked.dir)} up starts it again, {_with(asked.dir)} down removes it")
        return 1
    typed = _with(asked.dir)
    emulating = f" as {state.emulate}" if state.emulate else ""
    off = f", without {', '.join(state.disable)}" if state.disable else ""
    print(
        f"Kubernetes {state.version}{emulating}{off} on {state.url}\n"
        f"kubeconfig: {asked.dir / 'kubeconfig'}\n"
        f"Next:\n"
        f"  {typed} kubectl get namespaces\n"
        f"  {typed} kubectl create deployment web --image=registry.example/web:1\n"
        f"  {typed} kubectl --user viewer delete namespace default    (refused: users are {', '.join(USERS)})\n"
        f'  eval "$({typed} env)"    kubectl in this shell\n'
        f"  {typed} down"
    )
    return 0


def _kubectl(asked: Namespace) -> int:
    plane = Plane(asked.dir)
    command = [str(plane.program), f"--kubeconfig={plane.kubeconfig}", *asked.for_kubectl]
    sys.stdout.flush()
    os.execve(plane.program, command, os.environ | plane.environment)  # noqa: S606 - it takes this process' place


def _env(asked: Namespace) -> int:
    print("\n".join(Plane(asked.dir).settings))
    return 0


def _build(_: Namespace) -> int:
    for name, path in binaries.find().items():
        print(f"{name}: {path}")
    return 0

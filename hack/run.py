"""`make run`: a webhook on this machine over real TLS, and three reviews of a real API server sent to it.

Prints the denial, the warning and the allow as a person would see them, fails on an unexpected verdict, then serves
until Ctrl-C. With --once it stops instead of serving on. The reviews in hack/reviews are what a
kube-apiserver 1.37.2 sent as it was given the files of hack/manifests: `make record` records them.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gatewright.model.text import escape

HACK = Path("hack")  # `make` runs in the checkout's folder, and so do the commands that are printed
GATEWRIGHT = os.path.relpath(Path(sys.executable).with_name("gatewright"))
WEBHOOK = "workloads.gatewright.dev"
EXPECTED = {
    "denied": ("deployment.apps/web", False, True),
    "warned": ("pod/hello", True, True),
    "allowed": ("pod/careful", True, False),
}
"""Each review's object, whether it is allowed, and whether it is warned of."""


@contextmanager
def webhook(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A webhook on free ports, and its URL; its certificate is in the folder, its log as well."""
    command: list[str | Path] = [GATEWRIGHT, "serve", "--port", "0", "--health-port", "0", "--drain", "0"]
    command += ["--ca-out", folder / "ca.crt", "--manifests", HACK / "manifests" / "cluster.yaml"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            first = next(iter(server.stdout or ()), "")
            if not first:
                raise SystemExit(server.wait() or 1)
            yield server, json.loads(first)["webhook"]
        finally:
            server.terminate()
            server.wait(timeout=10)


def review(name: str, url: str, ca: Path) -> dict[str, Any]:
    """The webhook's answer to a recorded review."""
    command: list[str | Path] = [GATEWRIGHT, "review", HACK / "reviews" / f"{name}.json", "--server", url, "--ca", ca]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def show(name: str, created: str, answer: dict[str, Any]) -> None:
    """What kubectl prints."""
    manifest = HACK / "manifests" / f"{name}.yaml"
    print(f"\n> kubectl apply -f {manifest}")
    for warning in answer["warnings"]:
        print(f"Warning: {escape(warning)}")
    if answer["allowed"]:
        print(f"{created} created")
    else:
        refused = f'error when creating "{manifest}": admission webhook "{WEBHOOK}" denied the request'
        print(f"Error from server (Forbidden): {refused}: {answer['message']}")


def main() -> int:
    """Serves, and shows."""
    with tempfile.TemporaryDirectory(prefix="gatewright-") as name:
        folder = Path(name)
        with webhook(folder) as (server, url):
            print(f"Gatewright serves on {url}, profile default. What kubectl shows of three manifests:")
            for review_name, (created, *expected) in EXPECTED.items():
                answer = review(review_name, url, folder / "ca.crt")
                show(review_name, created, answer)
                if [answer["allowed"], bool(answer["warnings"])] != expected:
                    print(f"\n{review_name}: not the verdict that was expected", file=sys.stderr)
                    return 1
            print(
                f"\nIt serves until Ctrl-C. In another terminal:\n"
                f"  {GATEWRIGHT} review {HACK}/reviews/denied.json --server {url} --ca {folder}/ca.crt\n"
                f"  {GATEWRIGHT} scan YOUR-MANIFESTS/\n"
                f"  {GATEWRIGHT} policies\n\nIts log:"
            )
            sys.stdout.flush()
            if "--once" in sys.argv:
                return 0
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
            try:
                sys.stdout.writelines(server.stdout or ())  # its log
            except KeyboardInterrupt:
                return 0
            return server.wait()


if __name__ == "__main__":
    sys.exit(main())

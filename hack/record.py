"""`make record`: the reviews that a real API server sends as kubectl works with hack/manifests, recorded afresh.

They are the files that `make run` sends to a webhook, and tests judge. A file changes where the API server sends
something else than it did; uids, times and the like stay as they are. With --check nothing is written.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path

from controlplane import ControlPlane
from controlplane.certificates import write_secret
from endpoint import Endpoint
from recorded import settled

TOP = Path(__file__).resolve().parent.parent
MANIFESTS = TOP / "hack" / "manifests"
TRAFFIC = TOP / "tests" / "reviews" / "traffic.jsonl"
EXCERPTS = {"denied": 4, "warned": 5, "allowed": 6}
"""The files of hack/reviews: a line of the traffic each."""

PERSON = "admin"
"""Who types the commands. What the controllers do because of it is not recorded: it comes in any order."""

PATIENCE = 30
"""Seconds to wait for what must happen."""


class Session:
    """A person's kubectl, in a cluster that sends all that this person does to an endpoint."""

    def __init__(self, plane: ControlPlane, endpoint: Endpoint, folder: Path) -> None:
        self._plane = plane
        # By a token: of a certificate the API server tells the digest, which differs from run to run.
        self._kubeconfig = folder / "kubeconfig"
        server = {"server": plane.url, "certificate-authority": str(plane.ca)}
        named = {"clusters": ("cluster", server), "users": ("user", {"token": plane.token(PERSON)})}
        named["contexts"] = ("context", {"cluster": PERSON, "user": PERSON, "namespace": "shop"})
        lists = {key: [{"name": PERSON, kind: value}] for key, (kind, value) in named.items()}
        write_secret(self._kubeconfig, json.dumps({**lists, "current-context": PERSON}).encode())
        configuration = endpoint.configuration("record", f"request.userInfo.username == '{PERSON}'")
        plane.kubectl("create", "-f", "-", input=json.dumps(configuration), check=True)
        until(lambda: self("create", "configmap", "probe", "-n", "default", "--dry-run=server") and endpoint.bodies)
        time.sleep(0.1)  # every API server's cache of registrations is one, but what is under way comes to its end
        endpoint.bodies.clear()

    def __call__(self, *arguments: str | Path, succeeds: bool = True) -> str:
        """Runs kubectl; what it prints."""
        done = self._plane.kubectl(f"--kubeconfig={self._kubeconfig}", *arguments, check=succeeds)
        return done.stdout

    def apply(self, name: str) -> None:
        """Applies a file of hack/manifests."""
        self("apply", "-f", MANIFESTS / f"{name}.yaml")

    def has(self, *arguments: str) -> bool:
        """Whether `kubectl get` finds something."""
        return bool(self("get", *arguments, succeeds=False).strip())


def until(happens: Callable[[], object]) -> None:
    """Waits until something is true."""
    end = time.monotonic() + PATIENCE
    while not happens():
        if time.monotonic() > end:
            sys.exit(f"it did not happen within {PATIENCE} s")
        time.sleep(0.05)


def work(kubectl: Session) -> None:
    """What the person does."""
    kubectl.apply("cluster")
    until(lambda: kubectl.has("serviceaccount", "default", "-o", "name"))
    until(lambda: kubectl.has("resourcequota", "default", "-o", "jsonpath={.status.used}"))
    for name in EXCERPTS:
        kubectl.apply(name)
    kubectl("label", "pod", "hello", "v=2")
    kubectl("label", "namespace", "shop", "pod-security.kubernetes.io/enforce=restricted", "--overwrite")
    time.sleep(1.1)  # managedFields are sorted by their times, in seconds: the label's is older
    kubectl("debug", "hello", "--image=busybox", "--", "sh")
    kubectl("exec", "hello", "--", "ls", succeeds=False)  # no kubelet: it fails, after admission
    until(lambda: kubectl("get", "deployment", "web", "-o", "jsonpath={.status.replicas}") == "2")
    kubectl("scale", "deployment", "web", "--replicas=3")
    kubectl("delete", "pod", "careful", "--grace-period=0", "--force")


def fresh() -> list[str]:
    """The reviews that a new cluster sends, the API server's text untouched."""
    with (
        Endpoint() as endpoint,
        # Its own pod security is off: what it denies is not sent on.
        ControlPlane(disable=["PodSecurity"]) as plane,
        tempfile.TemporaryDirectory() as folder,
    ):
        work(Session(plane, endpoint, Path(folder)))
        return list(once(body.decode().strip() for body in endpoint.bodies))


def once(reviews: Iterable[str]) -> Iterator[str]:
    """The reviews, of the same delete the last one: it arrives one to three times."""
    for (operation, _), alike in groupby(reviews, _asked):
        *before, last = alike
        yield from () if operation == "DELETE" else before
        yield last


def _asked(review: str) -> tuple[str, str]:
    request = json.loads(review)["request"]
    return request["operation"], ((request["oldObject"] or {}).get("metadata") or {}).get("uid", "")


def present() -> list[str]:
    """The reviews in the files."""
    return TRAFFIC.read_text().splitlines() if TRAFFIC.exists() else []


def files(reviews: list[str]) -> dict[Path, str]:
    """What the files hold of reviews."""
    excerpts = {TOP / "hack" / "reviews" / f"{name}.json": f"{reviews[line]}\n" for name, line in EXCERPTS.items()}
    return excerpts | {TRAFFIC: "".join(f"{review}\n" for review in reviews)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail where a file differs")
    options = parser.parse_args()
    wanted = files(list(settled(fresh(), present())))
    changed = [file for file, text in wanted.items() if not file.exists() or file.read_text() != text]
    if options.check and changed:
        sys.exit(f"not what the API server sends: {', '.join(map(_name, changed))}; run make record")
    for file in changed:
        file.write_text(wanted[file])
        print(f"wrote {_name(file)}")


def _name(file: Path) -> str:
    return str(file.relative_to(TOP))


if __name__ == "__main__":
    main()

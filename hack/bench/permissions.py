"""What 10,000 roles and 20,000 bindings cost to judge and to ask."""

import gc
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
from service import environment

from bench import objects
from bench.failure import Failed
from bench.objects import Object
from bench.openloop import percentile
from bench.reviews import Shape, body
from bench.servers import TOP
from gatewright import wiring
from gatewright.engine.engine import Engine
from gatewright.engine.world import ClosedWorld
from gatewright.model.review import CREATE, AdmissionRequest, AdmissionReview, Kind

JUDGED, STEP = 500, 7919
"""So many roles' bindings, and pods; a prime, by whose multiples all kinds of roles are among them."""


def name(number: int) -> str:
    """How so many roles, and twice as many bindings, are called in figures."""
    return f"{number:,} roles and {2 * number:,} bindings"


def measure(kubeconfig: Path, folder: Path, number: int, say: Callable[[str], None]) -> dict[str, float]:
    """The figures: of single judgements in this process over the same objects, and of `gatewright rbac risks`.

    Raises:
        Failed: that could not be answered.
    """
    say("stores: judging bindings and accounts")
    configuration = wiring.configure(None)
    world = ClosedWorld(_all(number))
    whole, account = (Engine(configuration, world, only=only) for only in ((), ("service-account-risk",)))
    chosen = [index * STEP % number for index in range(JUDGED)]
    bindings = [_creation(one) for each in chosen for one in objects.bindings(each)]
    judged = _judged(whole, bindings, "rbac-secret-read", 2 * sum(map(objects.reads_secrets, chosen)))
    accounts = list(map(_pod, chosen))  # to make them meanwhile would leave nothing else in the processor's caches
    pods = _judged(account, accounts, "service-account-risk", sum(map(objects.is_everywhere, chosen)))
    figures = {f"p50 of a binding with {name(number)}": percentile(judged, 0.5)}
    figures[f"p99 of a binding with {name(number)}"] = percentile(judged, 0.99)
    figures[f"p50 of a pod's account with {name(number)}"] = percentile(pods, 0.5)
    figures[f"p99 of a pod's account with {name(number)}"] = percentile(pods, 0.99)
    say("stores: gatewright rbac risks")
    figures[f"rbac risks with {name(number)}"] = _risks(kubeconfig, folder / "risks")
    return figures


def _all(number: int) -> Iterable[Object]:
    for index in range(number):
        yield from (objects.namespace(index), objects.network_policy(index), objects.account(index))
        yield from (objects.role(index), *objects.bindings(index))


def _judged(engine: Engine, requests: Iterable[AdmissionRequest], policy: str, expected: int) -> list[float]:
    """Seconds of CPU that each request takes, the first excepted: with it all stores are made.

    CPU, since an API server shares the core.

    Raises:
        Failed: something was not decided, or the policy has not found so many as expected.
    """
    gc.collect()
    gc.freeze()  # as the service does once it has read the cluster
    seconds, found = [], 0
    for request in requests:
        begun = time.thread_time()
        decision = engine.judge(request)
        seconds.append(time.thread_time() - begun)
        found += any(finding.policy == policy for finding in decision.findings)
        if undecided := [finding.message for finding in decision.findings if finding.failure]:
            raise Failed(f"{request.name} was not decided: {undecided[0]}")
    if found != expected:
        raise Failed(f"{policy} has found {found} of {len(seconds)}, not {expected}")
    return seconds[1:]


def _creation(binding: Object) -> AdmissionRequest:
    """A new binding of the same role to the same holders."""
    metadata = binding["metadata"] | {"name": f"{binding['metadata']['name']}-too"}
    return AdmissionRequest(
        uid=metadata["name"],
        kind=Kind(objects.RBAC, "v1", binding["kind"]),
        name=metadata["name"],
        namespace=metadata.get("namespace", ""),
        operation=CREATE,
        object=msgspec.Raw(msgspec.json.encode(binding | {"metadata": metadata})),
    )


def _pod(number: int) -> AdmissionRequest:
    """A pod of a namespace's account."""
    request = msgspec.json.decode(body(Shape(6_000, 2, 1), number), type=AdmissionReview).request
    return msgspec.structs.replace(request, namespace=objects.name_of(number))


def _risks(kubeconfig: Path, output: Path) -> float:
    """Seconds that `gatewright rbac risks` takes over a cluster in which there are some."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "gatewright", "rbac", "risks", f"--kubeconfig={kubeconfig}"]
    with output.open("wb") as written:
        done = subprocess.run(
            command, stdout=written, stderr=subprocess.STDOUT, check=False,
            env=environment() | {"PYTHONPATH": str(TOP / "app")},
        )  # fmt: skip
    seconds = time.monotonic() - begun
    if done.returncode != 1:
        raise Failed(f"gatewright rbac risks did not end with 1: {output.read_text()[-500:]}")
    return seconds

"""Large and deep reviews: an offender in them is denied, and the service neither dies of them nor falls silent."""

import json
import resource
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.service.harness import Served, serving
from tests.unit.webhook.builders import pod, review

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]

MIB = 2**20
MEMORY = 512 * MIB
"""Bytes that the process may use: the limit of the Deployment."""


@pytest.fixture(name="confined", scope="module")
def _confined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A webhook that the kernel gives no more memory than its limit: RLIMIT_DATA counts what a process can write to."""
    with serving(tmp_path_factory.mktemp("confined")) as served:
        resource.prlimit(served.process.pid, resource.RLIMIT_DATA, (MEMORY, MEMORY))
        yield served
        assert max(served.statuses) == 200
        assert [line["msg"] for line in served.lines if line["level"] == "error"] == []


def padded(size: int, **changes: Any) -> bytes:
    """The review of an offender, of about `size` MiB: an annotation of `<`, each of which Go writes as six bytes."""
    offender = pod(privileged=True)
    offender["metadata"]["annotations"] = {"note": "HERE"}
    return review(object=offender, **changes).replace(b"HERE", rb"\u003c" * (size * MIB // 6))


def denied_by(answer: tuple[int, dict[str, str], Any]) -> list[str]:
    """The reasons of a denial."""
    status, _, body = answer
    response = body["response"]
    assert (status, response["allowed"], response["status"]["code"]) == (200, False, 403)
    return [cause["reason"] for cause in response["status"]["details"]["causes"]]


@pytest.mark.parametrize("size", [1, 7, 17, 31])
def test_a_large_offender_is_denied(confined: Served, size: int) -> None:
    assert denied_by(confined.post(padded(size))) == ["privileged"]


@pytest.mark.parametrize("size", [33, 100])
def test_a_larger_one_is_denied_unread(confined: Served, size: int) -> None:
    assert denied_by(confined.post(padded(size))) == ["GW006"]


@pytest.mark.parametrize("depth", [999, 1_500, 9_990])
@pytest.mark.parametrize("where", ["object", "oldObject", "options"])
def test_a_deep_offender_is_denied(confined: Served, where: str, depth: int) -> None:
    deep = review(
        object=pod(privileged=True), operation="UPDATE", **({where: {"a": "HERE"}} if where != "object" else {})
    )
    if where == "object":
        deep = deep.replace(b'"metadata"', b'"a": "HERE", "metadata"')
    deep = deep.replace(b'"HERE"', b"[" * depth + b"]" * depth)
    assert denied_by(confined.post(deep)) in (["privileged"], ["GW006"])  # how deep is too deep, Python's version says


WIDE = json.dumps({"f:a": {}, "f:b": {".": {}}})
"""A piece of managedFields."""


def widest() -> bytes:
    """17 MB that cost the most: letters beyond the first plane, many small objects, and a null, which takes the slow
    path."""
    offender = pod(privileged=True, runAsUser=None)
    offender["metadata"]["annotations"] = {"note": "😀"}
    offender["metadata"]["managedFields"] = [{"fieldsV1": "HERE"}]
    number = 3 * MIB // len(WIDE)
    wide = review(object=offender).replace(b'"HERE"', b"[" + b",".join([WIDE.encode()] * number) + b"]")
    return wide.replace("😀".encode(), "😀".encode() + rb"\u003c" * (14 * MIB // 6))


def test_four_at_once_leave_the_probes_alone(confined: Served) -> None:
    """Within the memory of its limit, while it answers `/healthz` and `/readyz` within a second."""
    bodies = [padded(17), widest(), padded(17, oldObject=pod()), widest()]
    assert all(16 * MIB < len(body) < 18 * MIB for body in bodies)
    is_over = threading.Event()
    waits: list[float] = []

    def probe() -> None:
        while not is_over.is_set():
            for path in ("/healthz", "/readyz"):
                begun = time.monotonic()
                assert confined.get(path) == (200, "ok\n")
                waits.append(time.monotonic() - begun)
            time.sleep(0.02)

    with ThreadPoolExecutor(len(bodies) + 1) as threads:
        probing = threads.submit(probe)
        answers = [list(threads.map(confined.post, bodies)) for _ in range(3)]
        is_over.set()
        probing.result()
    assert [denied_by(answer) for round_ in answers for answer in round_] == [["privileged"]] * 12
    assert len(waits) > 20
    assert max(waits) < 1
    assert high_water(confined) < MEMORY


def high_water(served: Served) -> int:
    """The most memory that the process ever had at once, in bytes."""
    status = Path(f"/proc/{served.process.pid}/status").read_text()
    [kilobytes] = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(kilobytes) * 1024

"""Whether what is measured does its work: a service that answers wrongly has no figures."""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from bench.failure import Failed
from bench.servers import Server


@dataclass(frozen=True)
class Lane:
    """A server under a load. `allows` is the verdict that every body shall get; None where the server gives none."""

    name: str
    server: Server
    bodies: tuple[bytes, ...]
    allows: bool | None = True
    connections: int = 16


class _Request(msgspec.Struct):
    uid: str


class _Review(msgspec.Struct):
    """What of a review its answer repeats."""

    request: _Request


def check(lane: Lane) -> None:
    """Sends every body once.

    Raises:
        Failed: an answer is not the expected one.
    """
    with contextlib.closing(lane.server.connection()) as connection:
        for body in lane.bodies:
            connection.request("POST", "/validate?timeout=10s", body)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 200:
                raise Failed(f"{lane.name}: answered with {answer.status}: {content.decode()}")
            if lane.allows is not None:
                expected = {"uid": msgspec.json.decode(body, type=_Review).request.uid, "allowed": lane.allows}
                response = json.loads(content)["response"]
                if not expected.items() <= response.items():
                    raise Failed(f"{lane.name}: expected {json.dumps(expected)}, answered {json.dumps(response)}")


def given(lane: Lane) -> Mapping[bool, float]:
    """How many reviews the service has allowed, and how many not, as it counts itself.

    Raises:
        Failed: there was one that it could not decide.
    """
    counts = {True: 0.0, False: 0.0}
    if lane.allows is None:
        return counts
    for line in lane.server.metrics().splitlines():
        sample, _, value = line.rpartition(" ")
        if sample.startswith("gatewright_undecided_total"):
            raise Failed(f"{lane.name}: the service could not decide: {line}")
        if sample.startswith("gatewright_reviews_total"):
            counts['allowed="true"' in sample] += float(value)
    return counts


def check_given(lane: Lane, before: Mapping[bool, float], requests: int) -> None:
    """Holds what the service has counted since against what the client was answered.

    Raises:
        Failed: there was another verdict, or fewer.
    """
    if lane.allows is None:
        return
    after = given(lane)
    right, wrong = (after[verdict] - before[verdict] for verdict in (lane.allows, not lane.allows))
    if wrong or right < requests:
        raise Failed(
            f"{lane.name}: {requests} answers with allowed={lane.allows} were expected; "
            f"the service counts {right:.0f}, and {wrong:.0f} of the other verdict"
        )

"""What a review costs and how long it takes: small and large, allowed and denied, alone and beside large ones."""

from bench import openloop
from bench.openloop import Request, at_rate, percentile
from bench.race import race
from bench.reviews import Shape
from bench.rig import QUICK, SIZES, Measured, Rig, made
from bench.verdicts import Lane

STARTS = 5
"""So often the service is started to see how long that takes."""


def sizes(rig: Rig, measured: Measured) -> None:
    """Small and large reviews, allowed and denied."""
    figures = measured.figures
    for name in rig.sizes:
        shape = SIZES[name]
        # So many that the server is never idle; of large ones it takes four at once, and few fit into a second.
        large = shape.size > 100_000
        connections = 4 if large else 16
        denied = Shape(**{**vars(shape), "denied": True})
        unlike = Shape(**{**vars(shape), "unlike": True})
        lanes = [
            Lane("echo", rig.bare, made(shape), None, connections),
            Lane("checks", rig.checks, made(shape), True, connections),
            Lane("allow", rig.service, made(shape), True, connections),
            Lane("deny", rig.service, made(denied), False, connections),
            Lane("unlike", rig.service, made(unlike), True, connections),
        ]
        raced = race(lanes, rig.folder, rig.slices, 3 if large else 1)
        measured.lanes[f"{name}, {connections} connections"] = raced
        echo, checks, allow, deny, others = (raced[lane.name] for lane in lanes)
        figures[f"CPU over echo, {name}"] = allow.cpu / echo.cpu
        figures[f"requests/s of echo, {name}"] = echo.cpu / checks.cpu
        figures[f"default profile of echo, {name}"] = echo.cpu / allow.cpu
        figures[f"default profile of echo, no outline twice, {name}"] = echo.cpu / others.cpu
        figures[f"p99/p50, {name}"] = allow.p99 / allow.p50
        figures[f"denial/allow, {name}"] = deny.cpu / allow.cpu


def one_connection(rig: Rig, measured: Measured) -> None:
    """What one client that waits for each answer sees."""
    for name in QUICK:
        lanes = [
            Lane("echo", rig.bare, made(SIZES[name]), None, 1),
            Lane("allow", rig.service, made(SIZES[name]), True, 1),
        ]
        raced = race(lanes, rig.folder, rig.slices)
        measured.lanes[f"{name}, 1 connection"] = raced
        measured.figures[f"p50 over echo, {name}"] = raced["allow"].p50 / raced["echo"].p50


def starts(rig: Rig, measured: Measured) -> None:
    """From the command to the first readiness, and the memory then."""
    ready, idle = [], []
    for _ in range(STARTS):
        with rig.another("starts") as server:
            ready.append(server.ready)
            idle.append(server.idle)
    measured.figures["start to ready"] = min(ready)
    measured.figures["idle memory"] = max(idle)


def beside_large(rig: Rig, measured: Measured) -> None:
    """What everybody else sees while somebody sends four large reviews a second."""
    seconds, small_rate, large_rate = 10, 100, 4
    small, large = made(SIZES["6 KB"]), made(SIZES["2.9 MB"])

    def posts(several: tuple[bytes, ...], number: int) -> list[Request]:
        allowed = b'"allowed":true'
        return [
            Request("/validate?timeout=10s", several[index % len(several)], 200, allowed) for index in range(number)
        ]

    alone = at_rate(rig.service.connection, posts(small, small_rate * seconds), small_rate)
    with openloop.meanwhile(rig.service.connection, posts(large, large_rate * seconds), large_rate):
        beside = at_rate(rig.service.connection, posts(small, small_rate * seconds), small_rate)
    measured.figures["others' p95 alone"] = percentile(alone, 0.95)
    measured.figures["others' p95 beside 2.9 MB"] = percentile(beside, 0.95)
    measured.figures["others' p99 beside 2.9 MB"] = percentile(beside, 0.99)

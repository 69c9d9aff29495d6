"""What grows with what: the cost of a review with containers, rules, namespaces and connections."""

import contextlib
import itertools
import json

from bench import process, rules, wrk
from bench.race import race
from bench.reviews import Shape
from bench.rig import SIZES, Measured, Rig, made
from bench.verdicts import Lane

RULES = (1, 10, 19, 50, 100)
CONTAINERS = (1, 10, 100)
CONNECTIONS = (1, 4, 16, 64, 256)
ELSEWHERE = 1000
"""Rules of another kind."""
NAMESPACES = 10_000


def containers(rig: Rig, measured: Measured) -> None:
    """Pods of more and more containers, each review as small as it can be."""
    lanes = [Lane(f"{number} containers", rig.service, made(Shape(0, number))) for number in CONTAINERS]
    raced = race(lanes, rig.folder, rig.slices)
    measured.lanes["containers"] = raced
    one, ten, hundred = (raced[lane.name].cpu for lane in lanes)
    measured.figures["a container of 100/of 10"] = ((hundred - ten) / 90) / ((ten - one) / 9)


def numbers_of_rules(rig: Rig, measured: Measured) -> None:
    """More and more rules, each judging every pod; then a thousand that judge none."""
    with contextlib.ExitStack() as stack:
        lanes = []
        for number in RULES:
            folder = rig.folder / f"rules-{number}"
            folder.mkdir()
            configuration = rules.pod_rules(number, folder / "own")
            server = stack.enter_context(rig.another(folder.name, configuration))
            lanes.append(Lane(f"{number} rules", server, made(SIZES["6 KB"])))
        raced = race(lanes, rig.folder, rig.slices)
    measured.lanes["rules, 6 KB"] = raced
    measured.figures["100 rules/10"] = raced["100 rules"].cpu / raced["10 rules"].cpu


def rules_elsewhere(rig: Rig, measured: Measured) -> None:
    """Rules that do not match."""
    folder = rig.folder / "elsewhere"
    folder.mkdir()
    with rig.another(folder.name, rules.rules_elsewhere(ELSEWHERE, folder / "own")) as server:
        body = made(SIZES["6 KB"])
        names = ["without", f"{ELSEWHERE} rules that do not match"]
        lanes = [Lane(name, one, body) for name, one in zip(names, (rig.service, server), strict=True)]
        raced = race(lanes, rig.folder, rig.slices)
    measured.lanes["rules that do not match, 6 KB"] = raced
    without, with_them = (raced[name].cpu for name in names)
    measured.figures["a rule that does not match"] = (with_them - without) / ELSEWHERE


def connections(rig: Rig, measured: Measured) -> None:
    """More and more clients. Slices are long: each begins with a handshake a connection, of nearly a millisecond."""
    body = made(SIZES["6 KB"])
    lanes = [Lane(f"{number} connections", rig.service, body, True, number) for number in CONNECTIONS]
    raced = race(lanes, rig.folder, 3, 5)
    measured.lanes["connections, 6 KB"] = raced
    rates = [raced[lane.name].best_rate for lane in lanes]
    measured.figures["requests/s lost at 256 connections"] = 1 - rates[-1] / max(rates)
    few, many = 4, 256
    with rig.another("connections") as server:
        file = wrk.write(body, rig.folder / "bodies")
        resident: list[float] = []
        for number in (few, many):
            wrk.run(server.url, file, number, 3, lambda: resident.append(process.memory(server.pid)[0]))
    measured.figures["memory of a connection"] = (resident[1] - resident[0]) / (many - few)


def namespaces(rig: Rig, measured: Measured) -> None:
    """Memory of a service that knows many namespaces; and whether knowing them makes it slower."""
    documents = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"team": f"team-{index % 97}"}}}
        for index, name in enumerate(itertools.chain(["shop"], (f"namespace-{one}" for one in range(1, NAMESPACES))))
    ]
    cluster = rig.folder / "namespaces.yaml"
    cluster.write_text("\n---\n".join(map(json.dumps, documents)))
    with rig.another("namespaces", cluster=cluster) as many:
        measured.figures["memory with 10,000 namespaces"] = many.idle
        lanes = [Lane("1", rig.service, made(SIZES["6 KB"])), Lane("10,000", many, made(SIZES["6 KB"]))]
        raced = race(lanes, rig.folder, rig.slices)
        measured.figures["memory with 10,000 namespaces and load"] = process.memory(many.pid)[0]
    measured.lanes["namespaces, 6 KB"] = raced
    measured.figures["10,000 namespaces/1"] = raced["10,000"].cpu / raced["1"].cpu

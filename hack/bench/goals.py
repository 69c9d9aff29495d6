"""What the figures shall be. They inform; no CI run fails by them, since they depend on the machine."""

from collections.abc import Mapping
from dataclasses import dataclass

UNITS = {"": (1, ".2f"), "%": (100, ".1f"), "ms": (1e3, ".2f"), "s": (1, ".2f"), "ns": (1e9, ".0f"), "MiB": (1, ".2f")}
"""How many there are of each unit in what is measured (seconds, MiB, shares of one), and how it is written."""


@dataclass(frozen=True)
class Goal:
    """A figure that must be reached, and one that is aimed for.

    `part` measures it, `figure` is its name there. Where `more` is set, more is better.
    """

    part: str
    figure: str
    must: float
    aim: float
    unit: str = ""
    more: bool = False

    def verdict(self, value: float) -> str:
        """What a measured value means: `aim`, `met` or `not met`."""

        def reaches(bound: float) -> bool:
            return value >= bound if self.more else value <= bound

        return "aim" if reaches(self.aim) else "met" if reaches(self.must) else "not met"

    def text(self, value: float) -> str:
        """A value in the goal's unit."""
        scale, form = UNITS[self.unit]
        return f"{value * scale:{form}} {self.unit}".strip()


GOALS = (
    Goal("http", "requests/s of echo, 6 KB", 0.40, 0.45, "%", more=True),
    Goal("http", "requests/s of echo, 30 KB", 0.28, 0.35, "%", more=True),
    Goal("http", "default profile of echo, 6 KB", 0.35, 0.45, "%", more=True),
    Goal("http", "default profile of echo, 30 KB", 0.25, 0.35, "%", more=True),
    Goal("http", "p50 over echo, 6 KB", 1.5, 1.2),
    Goal("http", "p50 over echo, 30 KB", 1.5, 1.2),
    Goal("http", "p99/p50, 6 KB", 3, 2.5),
    Goal("http", "p99/p50, 30 KB", 3, 2.5),
    Goal("http", "denial/allow, 6 KB", 1.15, 1.05),
    Goal("http", "denial/allow, 30 KB", 1.15, 1.05),
    Goal("http", "CPU over echo, 2.9 MB", 3, 2.2),
    Goal("http", "CPU over echo, 2.9 MB UPDATE", 3, 2.2),
    Goal("http", "others' p95 beside 2.9 MB", 0.010, 0.005, "ms"),
    Goal("http", "idle memory", 85, 70, "MiB"),
    Goal("http", "memory with 10,000 namespaces", 120, 100, "MiB"),
    Goal("http", "start to ready", 1.2, 0.8, "s"),
    Goal("http", "a container of 100/of 10", 1.25, 1.1),
    Goal("http", "100 rules/10", 3.5, 3.5),
    Goal("http", "a rule that does not match", 50e-9, 50e-9, "ns"),
    Goal("http", "10,000 namespaces/1", 1.1, 1.1),
    Goal("http", "requests/s lost at 256 connections", 0.4, 0.4, "%"),
    Goal("http", "memory of a connection", 0.15, 0.15, "MiB"),
    Goal("cluster", "p99 of the webhook, one core, 200/s", 0.010, 0.005, "ms"),
    Goal("cluster", "within 5 ms, one core, 200/s", 0.99, 0.999, "%", more=True),
    Goal("stores", "memory with 10,000 namespaces and NetworkPolicies", 120, 100, "MiB"),
    Goal("stores", "longest review beside a relist of 10,000 over p50 alone", 0.020, 0.010, "ms"),
    Goal("stores", "memory of 10,000 roles and 20,000 bindings", 120, 100, "MiB"),
    Goal("stores", "p99 of a binding with 10,000 roles and 20,000 bindings", 0.002, 0.001, "ms"),
    Goal("stores", "p99 of a pod's account with 10,000 roles and 20,000 bindings", 0.0002, 0.0001, "ms"),
    Goal("stores", "rbac risks with 10,000 roles and 20,000 bindings", 10, 5, "s"),
    Goal("scan", "wall time", 3, 2, "s"),
    Goal("scan", "highest memory", 150, 120, "MiB"),
    Goal("scan", "CPU of --help", 0.15, 0.1, "s"),
)


def missing(part: str, figures: Mapping[str, float]) -> list[str]:
    """The goals of a part that nothing was measured for."""
    return [goal.figure for goal in GOALS if goal.part == part and goal.figure not in figures]

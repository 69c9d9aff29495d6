"""The figures for people (a table), for programs (JSON)."""

import dataclasses
import datetime
import json
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from bench.goals import GOALS
from bench.race import Figures

BOX = box.SIMPLE_HEAD
WIDTH = 132
"""Columns, where no terminal says how many it has."""

_STYLES = {"aim": "green", "met": "yellow", "not met": "bold red"}


def show_lanes(console: Console, lanes: Mapping[str, Mapping[str, Figures]]) -> None:
    """What each server has shown under each load; each is also divided by the first of its load."""
    table = Table(
        title="CPU and latency; of each lane the cheapest slice, the median rate and latency",
        title_justify="left",
        box=BOX,
        padding=(0, 1, 0, 0),
    )
    table.add_column("load", no_wrap=True)
    table.add_column("lane", no_wrap=True)
    for column in ("µs CPU", "/ first", "requests/s", "best", "p50 ms", "p99 ms", "p99/p50", "MiB"):
        table.add_column(column, justify="right", no_wrap=True)
    for scenario, raced in lanes.items():
        first = next(iter(raced.values()))
        for name, lane in raced.items():
            table.add_row(
                scenario if lane is first else "",
                name,
                f"{lane.cpu * 1e6:,.1f}" if lane.cpu < 1e-3 else f"{lane.cpu * 1e6:,.0f}",
                f"{lane.cpu / first.cpu:.2f}",
                f"{lane.rate:,.0f}",
                f"{lane.best_rate:,.0f}",
                f"{lane.p50 * 1e3:.2f}",
                f"{lane.p99 * 1e3:.2f}",
                f"{lane.p99 / lane.p50:.2f}",
                f"{lane.memory:.0f}",
            )
        table.add_section()
    console.print(table)


def show_figures(console: Console, part: str, figures: Mapping[str, float]) -> None:
    """All figures of a part; what is behind the first comma of a figure's name is its column."""
    parted = {name: name.partition(", ")[::2] for name in figures}
    columns = list(dict.fromkeys(column for _, column in parted.values()))
    table = Table(title=f"{part}: seconds, MiB, shares and ratios", title_justify="left", box=BOX, padding=(0, 1, 0, 0))
    table.add_column("figure", no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right")
    for row in dict.fromkeys(row for row, _ in parted.values()):
        values = {column: figures[name] for name, (own, column) in parted.items() if own == row}
        table.add_row(row, *(f"{values[column]:.4g}" if column in values else "" for column in columns))
    console.print(table)


def show_goals(console: Console, parts: Mapping[str, Mapping[str, float]]) -> None:
    """Every goal that something was measured for, with what was measured."""
    table = Table(title="Goals", title_justify="left", box=BOX)
    for column in ("part", "figure", "measured", "must", "aim", ""):
        table.add_column(column, justify="right" if column in {"measured", "must", "aim"} else "left", no_wrap=True)
    for goal in GOALS:
        value = parts.get(goal.part, {}).get(goal.figure)
        if value is None:
            continue
        sign, verdict = "≥" if goal.more else "≤", goal.verdict(value)
        bounds = [f"{sign} {goal.text(bound)}" for bound in (goal.must, goal.aim)]
        table.add_row(goal.part, goal.figure, goal.text(value), *bounds, f"[{_STYLES[verdict]}]{verdict}")
    console.print(table)


def document(
    part: str, figures: Mapping[str, float], lanes: Mapping[str, Mapping[str, Figures]], busy: Mapping[int, float]
) -> dict[str, Any]:
    """All that was measured in a part, on what, and how busy each core was with something else just before."""
    verdicts = {
        goal.figure: {"measured": figures[goal.figure], "verdict": goal.verdict(figures[goal.figure])}
        | {"must": goal.must, "aim": goal.aim}
        for goal in GOALS
        if goal.part == part and goal.figure in figures
    }
    return {
        "part": part,
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "busy with others": dict(busy),
        "goals": verdicts,
        "figures": dict(figures),
        "lanes": {
            scenario: {name: dataclasses.asdict(lane) for name, lane in raced.items()}
            for scenario, raced in lanes.items()
        },
    }


def machine() -> dict[str, str]:
    """What was measured on."""
    packages = ("gatewright", "uvicorn", "uvloop", "httptools", "msgspec")
    told = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.partition(":")[2].strip() for line in told if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.machine(),
        "processors": str(len(models)),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{name: version(name) for name in packages[1:]},
    }


def write(file: Path, told: Mapping[str, Any]) -> None:
    """Writes JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")

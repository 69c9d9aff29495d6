"""The figures as pictures: SVG that opens in any browser and fetches nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pygal
from pygal.style import CleanStyle

from bench.goals import GOALS
from bench.race import Figures

_OPTIONS: dict[str, Any] = {
    "js": [],
    "style": CleanStyle(value_font_size=9, label_font_size=10, major_label_font_size=10),
    "legend_at_bottom": True,
    "width": 1000,
    "height": 560,
    "x_label_rotation": 20,
    "print_values": True,
    "value_formatter": lambda value: f"{value:,.0f}" if value >= 100 else f"{value:.3g}",
}


def lanes(file: Path, title: str, raced: Mapping[str, Mapping[str, Figures]]) -> None:
    """CPU a request of the lanes of several loads, side by side."""
    highest = max(lane.cpu * 1e6 for one in raced.values() for lane in one.values())
    chart = pygal.Bar(
        title=title, y_title="µs CPU a request", logarithmic=True, zero=10, range=(10, 2 * highest), **_OPTIONS
    )
    chart.x_labels = list(raced)
    for name in dict.fromkeys(name for one in raced.values() for name in one):
        chart.add(name, [one[name].cpu * 1e6 if name in one else None for one in raced.values()])
    _write(chart, file)


def slope(file: Path, title: str, raced: Mapping[str, Figures]) -> None:
    """CPU a request over the lanes of one load."""
    chart = pygal.Line(title=title, y_title="µs CPU a request", range=(0, None), show_legend=False, **_OPTIONS)
    chart.x_labels = list(raced)
    chart.add("CPU", [lane.cpu * 1e6 for lane in raced.values()])
    _write(chart, file)


def goals(file: Path, part: str, figures: Mapping[str, float]) -> None:
    """How far each figure is from what it must be: at most 1 is met."""
    known = [goal for goal in GOALS if goal.part == part and goal.figure in figures][::-1]  # upwards
    if not known:
        return
    chart = pygal.HorizontalBar(title="1 is what it must be; less is better", show_legend=False, **_OPTIONS)
    chart.x_labels = [goal.figure for goal in known]
    shares = [(figures[one.figure], one.must) for one in known]
    chart.add("", [b / a if one.more else a / b for one, (a, b) in zip(known, shares, strict=True)])
    _write(chart, file)


def _write(chart: Any, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    chart.render_to_file(str(file))

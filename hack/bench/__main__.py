"""`make bench`: measures, shows tables, writes JSON and pictures below build/bench.

Goals are shown beside the figures and fail nothing. What fails is a service that does not answer, or answers wrongly.
"""

import argparse
import functools
import os
import sys
import tempfile
from pathlib import Path

from controlplane import Failed as ControlPlaneFailed
from rich.console import Console

from bench import behind, beside, files, plot, process, report, rig, stores
from bench.failure import Failed

QUIET = 0.1
"""A core that others use more than this measures them as well."""

PARTS = ("http", "cluster", "stores", "scan")


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="make bench BENCH_ARGS=…", description=(__doc__ or "").partition("\n")[2])
    parser.add_argument("--part", action="append", choices=PARTS, help="what to measure; may be repeated; else all")
    parser.add_argument("--quick", action="store_true", help="the figures that matter most, in two minutes")
    parser.add_argument(
        "--only", action="append", choices=list(beside.SCENARIOS), help="of part http; may be repeated; else all"
    )
    parser.add_argument("--size", action="append", choices=list(rig.SIZES), help="of scenario sizes; may be repeated")
    parser.add_argument("--slices", type=int, default=5, help="of each lane, a second each (5)")
    parser.add_argument("--roles", action="store_true", help="part stores: with 10,000 roles and 20,000 bindings")
    parser.add_argument("--out", type=Path, default=Path("build/bench"), help="where the results go (build/bench)")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Measures what is asked for."""
    options = parse(arguments)
    console = Console(width=None if sys.stdout.isatty() else report.WIDTH)
    try:
        server, client = process.cores()
        os.sched_setaffinity(0, {client})  # inherited by what is started here; the servers are moved
        measured = {}
        for part in options.part or PARTS:
            with tempfile.TemporaryDirectory(prefix="gatewright-bench-") as folder:
                measured[part] = _part(part, options, Path(folder), (server, client), console)
        report.show_goals(console, measured)
    except (Failed, ControlPlaneFailed) as failed:
        print(f"make bench: {failed}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1
    return 0


def _part(
    part: str, options: argparse.Namespace, folder: Path, cores: tuple[int, int], console: Console
) -> dict[str, float]:
    say = functools.partial(console.print, highlight=False)
    out: Path = options.out
    lanes = {}
    busy = process.busy()
    if max(busy.values()) > QUIET:
        say(f"the cores are {', '.join(f'{share:.0%}' for share in busy.values())} busy with others: expect noise")
    if part == "http":
        names = options.only or (beside.QUICKLY if options.quick else beside.SCENARIOS)
        sizes = options.size or (rig.QUICK if options.quick else rig.SIZES)
        done = beside.measure(cores[0], folder, names, options.slices, tuple(sizes), say)
        figures, lanes = done.figures, done.lanes
        report.show_lanes(console, lanes)
        beside_echo = {name: raced for name, raced in lanes.items() if "echo" in raced}
        if beside_echo:
            plot.lanes(out / "sizes.svg", "The service beside a bare endpoint", beside_echo)
        for name in ("containers", "rules, 6 KB", "connections, 6 KB"):
            if name in lanes:
                plot.slope(out / f"{name.partition(',')[0]}.svg", name, lanes[name])
    elif part == "cluster":
        os.sched_setaffinity(0, set(cores))  # an API server takes more than a core
        seconds, rates = (5, behind.RATES[-1:]) if options.quick else (20, behind.RATES)
        figures = behind.measure(cores[0], folder, seconds, rates, say)
        os.sched_setaffinity(0, {cores[1]})
    elif part == "stores":
        figures = stores.measure(cores, folder, with_roles=options.roles, say=say)
    else:
        say("scan")
        figures = files.measure(folder)
    report.show_figures(console, part, figures)
    plot.goals(out / f"{part}.svg", part, figures)
    report.write(out / f"{part}.json", report.document(part, figures, lanes, busy))
    return figures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`make profile`: where the time of a review goes: a flame graph, and the functions that take most.

py-spy looks at the service from outside while wrk loads it. It sees only what holds the interpreter's lock: no threads
that wait, and nothing that the kernel does between two events.
"""

import argparse
import contextlib
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import process, report, wrk
from bench.failure import Failed
from bench.reviews import Shape
from bench.rig import SIZES, made
from bench.servers import Certificate, service
from bench.verdicts import Lane, check

RATE = 500
"""Samples a second."""


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="make profile PROFILE_ARGS=…", description=(__doc__ or "").partition("\n")[2])
    parser.add_argument("--size", choices=list(SIZES), default="6 KB", help="of the reviews (6 KB)")
    parser.add_argument("--deny", action="store_true", help="reviews that are denied")
    parser.add_argument("--native", action="store_true", help="also the C functions of extensions")
    parser.add_argument("--seconds", type=int, default=10, help="of each of the two recordings (10)")
    parser.add_argument("--out", type=Path, default=Path("build/profile"), help="where it goes (build/profile)")
    return parser.parse_args(arguments)


def self_and_total(stacks: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """Samples of each function: as the innermost one, and anywhere in the stack (once, where it calls itself).

    Args:
        stacks: lines `outer;inner;innermost SAMPLES`.
    """
    own, total = Counter[str](), Counter[str]()
    for line in stacks:
        stack, _, number = line.rpartition(" ")
        functions = [re.sub(r":\d+\)$", ")", frame) for frame in stack.split(";")]  # without the line in it
        own[functions[-1]] += int(number)
        for function in set(functions):
            total[function] += int(number)
    return own, total


def show(console: Console, own: Counter[str], total: Counter[str], number: int = 30) -> None:
    """The functions with the most samples of their own."""
    samples = sum(own.values())
    table = Table(title=f"{samples:,} samples", title_justify="left", box=report.BOX)
    for column in ("own %", "with callees %", "function"):
        table.add_column(column, justify="left" if column == "function" else "right", no_wrap=True)
    for function, count in own.most_common(number):
        table.add_row(f"{count / samples:.1%}", f"{total[function] / samples:.1%}", function, style=None)
    console.print(table, markup=False)


def record(pid: int, file: Path, form: str, seconds: int, native: bool) -> Path:
    """Has py-spy write a file.

    Raises:
        Failed: it could not.
    """
    program = Path(sys.executable).with_name("py-spy")
    command: list[str | Path] = [program, "record", "--pid", str(pid), "--format", form, "--output", file]
    command += ["--gil", "--duration", str(seconds), "--rate", str(RATE), *(["--native"] if native else [])]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds + 60)
    except FileNotFoundError:
        raise Failed("py-spy is not beside this Python; make profile installs it") from None
    if done.returncode:
        raise Failed(f"py-spy: {done.stderr.strip()}")
    return file


@contextlib.contextmanager
def loaded(url: str, bodies: Path, seconds: int) -> Iterator[None]:
    """Load, while the block runs."""
    command = [wrk.program(), "-t1", "-c16", f"-d{seconds}s", "-s", str(wrk.SCRIPT), url, "--", str(bodies)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield
        finally:
            process.terminate()


def main(arguments: list[str]) -> int:
    """Records and shows."""
    options = parse(arguments)
    name = f"{options.size}{' denied' * options.deny}".replace(" ", "-").lower()
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    shape = Shape(**{**vars(SIZES[options.size]), "denied": options.deny})
    try:
        server, client = process.cores()
        os.sched_setaffinity(0, {client})
        with tempfile.TemporaryDirectory(prefix="gatewright-profile-") as scratch:
            folder = Path(scratch)
            bodies = wrk.write(made(shape), folder / "bodies")
            with service(Certificate.made(folder), server, folder) as running:
                check(Lane(name, running, made(shape), not options.deny))
                with loaded(running.url, bodies, 3 * options.seconds + 60):
                    raw = record(running.pid, out / f"{name}.txt", "raw", options.seconds, options.native)
                    flame = record(running.pid, out / f"{name}.svg", "flamegraph", options.seconds, options.native)
    except Failed as failed:
        print(f"make profile: {failed}", file=sys.stderr)
        return 1
    console = Console(width=None if sys.stdout.isatty() else report.WIDTH)
    show(console, *self_and_total(raw.read_text().splitlines()))
    console.print(f"flame graph: {flame}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

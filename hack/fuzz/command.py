"""The command line: `make fuzz FUZZ_ARGS=…`."""

import argparse
import contextlib
import secrets
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from fuzz.campaign import Failure, Progress, campaign, loop, make
from fuzz.mutator import ROOT
from fuzz.tally import CONFIGURATIONS, REVIEWS, TEXTS, Tally

FOUND = ROOT / "build" / "fuzz"
"""Where failing input is written."""

SHARES = {REVIEWS: 1, TEXTS: 20, CONFIGURATIONS: 500}
"""One case of each in so many of the count."""

RIGHT, WRONG, USAGE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str]) -> int:
    """Runs; 0 where every case was right, 1 where one was not or something was never reached."""
    parser = argparse.ArgumentParser("make fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000, help="reviews; texts and configurations are fewer")
    parser.add_argument("--seed", type=int, help="of the cases; one is chosen, and told, without it")
    parser.add_argument("--only", choices=SHARES, help="one subject alone, with the whole count")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="input that failed, once more")
    options = parser.parse_args(arguments)
    if options.replay:
        return replay(options.replay)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that its server ends with it
    seed = options.seed if options.seed is not None else secrets.randbelow(2**31)
    print(f"seed {seed}", flush=True)
    names = [options.only] if options.only else list(SHARES)
    try:
        return max(_campaign(name, seed, options.count // (1 if options.only else SHARES[name])) for name in names)
    except KeyboardInterrupt:
        return INTERRUPTED


def _campaign(name: str, seed: int, count: int) -> int:
    progress = Progress(name, count)

    def found(failure: Failure) -> None:
        progress.end()
        print(story(name, seed, failure), flush=True)

    tally, failed, seconds = campaign(name, seed, count, progress, found)
    progress.end()
    print(summary(name, tally, failed, seconds), flush=True)
    unreached = tally.unreached(name)
    if unreached and not failed:
        print(f"never reached, so nothing is shown of it: {', '.join(unreached)}; give more cases", file=sys.stderr)
    return WRONG if failed or unreached else RIGHT


def summary(name: str, tally: Tally, failed: int, seconds: float) -> str:
    """What came of a campaign."""
    over_tls = f", {tally.remote:,} of them over TLS as well" if tally.remote else ""
    slowest = f"; the slowest took {tally.slowest * 1000:.0f} ms" if tally.slowest else ""
    head = f"{name}: {tally.cases + failed:,} in {seconds:.0f} s{over_tls}, {failed} wrong{slowest}"
    return "\n".join([head, *tally.lines])


def story(name: str, seed: int, failure: Failure) -> str:
    """A failure, its input kept, and how to see it again."""
    FOUND.mkdir(parents=True, exist_ok=True)
    file = FOUND / f"{name}-{seed}-{failure.number}.json"
    file.write_bytes(failure.body)
    shown = failure.body[:500].decode(errors="backslashreplace")
    return (
        f"wrong: {name}, seed {seed}, case {failure.number}: {failure.reason}\n  {shown}\n"
        f"  again: make fuzz FUZZ_ARGS='--replay {file.relative_to(ROOT)}'"
    )


def replay(file: Path) -> int:
    """Runs the input in a file, which is named as `story` names it."""
    name = file.name.partition("-")[0]
    if name not in SHARES or not file.is_file():
        print(f"{file}: no such file, or it is not named for one of {', '.join(SHARES)}", file=sys.stderr)
        return USAGE
    with tempfile.TemporaryDirectory() as folder:
        tally = Tally()
        with contextlib.closing(make(name, Path(folder))) as subject, loop() as runner:
            reason = runner.run(subject.wrong(file.read_bytes(), tally))
    print(f"wrong: {reason}" if reason else f"right: {', '.join(tally.outcomes)}")
    return WRONG if reason else RIGHT

"""wrk, the client: as many requests as a server answers, over connections that stay open."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.failure import Failed

SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True)
class Counted:
    """What wrk saw in a slice: answered requests, its length in seconds, percentiles of the latency in seconds."""

    requests: int
    seconds: float
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def program() -> str:
    """wrk's path.

    Raises:
        Failed: there is none.
    """
    if found := shutil.which("wrk"):
        return found
    raise Failed("wrk is not on the PATH; on Debian and Ubuntu: apt-get install wrk")


def write(bodies: Iterable[bytes], file: Path) -> Path:
    """Writes bodies as the script reads them."""
    file.write_bytes(b"".join(b"%d\n%b" % (len(body), body) for body in bodies))
    return file


def run(
    url: str, bodies: Path, connections: int, seconds: float, meanwhile: Callable[[], None] = lambda: None
) -> Counted:
    """Loads a server for a while.

    Args:
        url: of the server.
        bodies: a file that `write` has written.
        connections: that are open, each with one request at a time.
        seconds: how long; wrk counts in whole ones.
        meanwhile: called near the end, while the load goes on.

    Raises:
        Failed: a request was not answered, or not with 2xx.
    """
    whole = max(1, round(seconds))
    command = [program(), "-t1", f"-c{connections}", f"-d{whole}s", "--timeout", "20s", "-s", str(SCRIPT), url]
    with subprocess.Popen([*command, "--", str(bodies)], stdout=subprocess.PIPE, text=True) as process:
        try:
            process.wait(whole * 0.8)
        except subprocess.TimeoutExpired:
            meanwhile()
        output, _ = process.communicate(timeout=whole + 60)
    if process.returncode:
        raise Failed(f"wrk ended with {process.returncode}: {output.strip()}")
    return counted(output.splitlines()[-1])


def counted(line: str) -> Counted:
    """What the script printed.

    Raises:
        Failed: it tells of errors, or of nothing.
    """
    told = json.loads(line)
    errors = {name: told[name] for name in ("connect", "read", "write", "status", "timeout") if told[name]}
    if errors:
        raise Failed(f"errors under load: {', '.join(f'{number} {name}' for name, number in errors.items())}")
    if not told["requests"]:
        raise Failed("no request was answered")
    return Counted(told["requests"], told["microseconds"] / 1e6, told["p50"] / 1e6, told["p99"] / 1e6)

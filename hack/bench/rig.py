"""What the scenarios of part `http` share: the reviews, the two servers, and where figures are written down."""

import contextlib
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench import servers
from bench.race import Figures
from bench.reviews import Shape, bodies
from bench.servers import Certificate, Server

SIZES = {
    "2 KB": Shape(2_000),
    "6 KB": Shape(6_000, 2, 1),
    "30 KB": Shape(30_000, 12),
    "300 KB": Shape(300_000, 100),
    "2.9 MB": Shape(2_900_000, 2, nested=True),
    "2.9 MB UPDATE": Shape(2_900_000, 2, nested=True, update=True),
}
"""Of the large ones nearly all is managedFields, as where a controller has rewritten an object a thousand times."""

QUICK = ("6 KB", "30 KB")


@dataclass
class Measured:
    """What was measured: of each scenario its lanes, and single figures by name."""

    lanes: dict[str, dict[str, Figures]] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Rig:
    """What is measured with.

    Attributes:
        folder: for files of the moment.
        core: of the servers.
        certificate: of all of them.
        bare: the bare endpoint.
        service: the service, by the default profile.
        checks: the service, by the pod-security checks alone.
        slices: of each lane.
        sizes: the names of those that are measured.
    """

    folder: Path
    core: int
    certificate: Certificate
    bare: Server
    service: Server
    checks: Server
    slices: int
    sizes: tuple[str, ...]

    @contextlib.contextmanager
    def another(self, name: str, configuration: str = "{}", cluster: Path | None = None) -> Iterator[Server]:
        """A further service, on the same core."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        with servers.service(self.certificate, self.core, folder, configuration, cluster) as server:
            yield server


@functools.cache
def made(shape: Shape) -> tuple[bytes, ...]:
    """Bodies, made once."""
    return tuple(bodies(shape))

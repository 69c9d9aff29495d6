"""Part `http`: the service beside the bare endpoint, over TLS, on one core."""

from collections.abc import Callable, Iterable
from pathlib import Path

from bench import costs, process, servers, slopes
from bench.rig import Measured, Rig
from bench.rules import checks_alone
from bench.servers import Certificate

SCENARIOS: dict[str, Callable[[Rig, Measured], None]] = {
    "sizes": costs.sizes,
    "one-connection": costs.one_connection,
    "containers": slopes.containers,
    "rules": slopes.numbers_of_rules,
    "rules-elsewhere": slopes.rules_elsewhere,
    "connections": slopes.connections,
    "namespaces": slopes.namespaces,
    "starts": costs.starts,
    "beside-large": costs.beside_large,
}
QUICKLY = ("sizes", "one-connection", "starts")


def measure(
    core: int, folder: Path, names: Iterable[str], slices: int, sizes: tuple[str, ...], say: Callable[[str], None]
) -> Measured:
    """Runs scenarios.

    Args:
        core: of the servers.
        folder: for files of the moment.
        names: of the scenarios.
        slices: of each lane.
        sizes: names of those that scenario `sizes` takes.
        say: told what is going on.

    Raises:
        Failed: something is wrong with what would be measured.
    """
    measured = Measured()
    certificate = Certificate.made(folder)
    alone = folder / "checks"
    alone.mkdir()
    with (
        servers.echo(certificate, core) as bare,
        servers.service(certificate, core, folder) as service,
        servers.service(certificate, core, alone, checks_alone()) as checks,
    ):
        rig = Rig(folder, core, certificate, bare, service, checks, slices, sizes)
        for name in names:
            say(f"http: {name}")
            SCENARIOS[name](rig, measured)
        measured.figures["memory after load"], measured.figures["highest memory"] = process.memory(service.pid)
    return measured

"""Ordinary software, judged: each folder beside this file as `gatewright scan FOLDER --config gatewright.yaml` does."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from gatewright import wiring
from gatewright.cluster.manifests import gather
from gatewright.engine.catalog import Catalog
from gatewright.engine.config import Configuration
from gatewright.engine.decision import Decision, Mode
from gatewright.engine.message import subject, warnings
from gatewright.engine.scan import Scanned, scan
from gatewright.model.path import find
from gatewright.model.pod import TEMPLATES

HERE = Path(__file__).parent
FOLDERS = sorted(path.name for path in HERE.iterdir() if any(path.glob("*.yaml")))

Denial = tuple[str, str]
"""What is denied, `Kind namespace/name`, and the policy that does."""


def configuration(
    file: str = "gatewright.yaml", profile: str | None = None, loaded: Catalog | None = None
) -> Configuration:
    """The configuration in a file of this folder."""
    return wiring.configure(HERE / file, profile, loaded)


def judged(folder: str, configured: Configuration) -> list[Scanned]:
    """Every object of a folder with the Decision on it; the folder is the whole cluster.

    Raises:
        ValueError: something in it could not be read, or is no object.
    """
    manifests = gather([str(HERE / folder)])
    if manifests.errors or manifests.skipped:
        raise ValueError([*map(str, manifests.errors), f"{manifests.skipped} skipped"])
    engine = wiring.engine_for(configured, manifests)
    return [scan(document, engine) for document in manifests.objects]


def carries_pod(one: Scanned, configured: Configuration) -> bool:
    """Whether it is a Pod or has the template of one; a Rollout that names a Deployment has none."""
    where = (TEMPLATES | configured.templates).get(one.request.kind.key)
    return where is not None and isinstance(find(one.document.value, (*where, "spec")), dict)


def denials(scanned: list[Scanned]) -> set[Denial]:
    """What is denied, and by which policies."""
    return {(subject(one.request), finding.policy) for one in scanned for finding in one.decision.at(Mode.ENFORCE)}


def undecided(decision: Decision) -> list[str]:
    """What the engine failed to decide, of whichever mode."""
    return [
        f"{finding.failure} {finding.policy}: {finding.message}" for finding in decision.findings if finding.failure
    ]


def summary(profile: str | None = None) -> Iterator[str]:
    """A table: folder, objects, workloads, those denied, and the warning lines that a workload prints; then denials."""
    configured = configuration(profile=profile)
    by_folder = {folder: judged(folder, configured) for folder in FOLDERS}
    rows = [*by_folder.items(), ("all", [one for scanned in by_folder.values() for one in scanned])]
    yield f"{'profile ' + configured.profile:<20} objects workloads denied  warning lines a workload: min median max"
    for folder, scanned in rows:
        workloads = [one for one in scanned if carries_pod(one, configured)]
        lines = [len(warnings(one.decision)) for one in workloads]
        denied = sum(not one.decision.allowed for one in scanned)
        spread = f"{min(lines):>4} {median(lines):>6g} {max(lines):>3}"
        yield f"{folder:<20} {len(scanned):>7} {len(workloads):>9} {denied:>6} {'':>26}{spread}"
    yield ""
    for folder, scanned in by_folder.items():
        for what, policy in sorted(denials(scanned)):
            yield f"{folder}: {what}: {policy}"

"""Upstream's pod-security fixtures, judged by the engine and by `gatewright scan`.

A fixture's verdict is the folder it lies in; its check is its name, through the override map: a file of an overridden
check is reported by the check that overrides it. Usage: conformance.py FOLDER (the one named testdata).
"""

import json
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import checks
from typer.testing import CliRunner

from gatewright.cli.main import app
from gatewright.cluster.manifests import gather
from gatewright.engine import config
from gatewright.engine.decision import Mode
from gatewright.engine.engine import Engine
from gatewright.engine.scan import creation_of
from gatewright.engine.world import ClosedWorld
from gatewright.model.version import parse_version
from gatewright.policy import Policy

PROFILE = {"baseline": "default", "restricted": "strict"}
"""The profile that enforces a level, and nothing stricter."""


@dataclass(frozen=True)
class Fixture:
    """A Pod with the verdict that upstream gives it."""

    file: Path
    is_allowed: bool
    check: str

    def agrees(self, enforced: set[str]) -> bool:
        """Whether the checks that deny it are as upstream has it."""
        return not enforced if self.is_allowed else self.check in enforced


@dataclass(frozen=True)
class RuleSet:
    """The fixtures of a level at a version."""

    level: str
    version: str
    folder: Path
    fixtures: tuple[Fixture, ...]

    @property
    def configuration(self) -> bytes:
        """The configuration that judges by this version, and by the pod-security checks alone."""
        return json.dumps({"kubernetes": self.version, "policies": checks.alone()}).encode()


def rule_sets(testdata: Path) -> Iterator[RuleSet]:
    """The fixtures, by level and version."""
    policies = config.load().catalog.policies
    for folder in sorted(
        testdata.glob("*/v1.*"), key=lambda path: (path.parent.name, int(path.name.partition(".")[2]))
    ):
        level, version = folder.parent.name, folder.name
        files = sorted(folder.glob("*/*.yaml"))
        fixtures = (Fixture(file, file.parent.name == "pass", _check(file, level, version, policies)) for file in files)
        yield RuleSet(level, version, folder, tuple(fixtures))


def _check(file: Path, level: str, version: str, policies: dict[str, Policy]) -> str:
    """The policy that reports a file: named as upstream's check in lower case, with a number behind it."""
    name = re.sub(r"\d+$", "", file.stem)
    own = next((id_ for id_, policy in policies.items() if policy.alias.lower() == name or id_ == name), name)
    over = [policy for policy in policies.values() if own in policy.overrides]
    runs = [policy.id for policy in over if policy.level == level and policy.since <= parse_version(version)]
    return runs[0] if runs else own


def by_engine(rules: RuleSet) -> list[str]:
    """The disagreements of the engine."""
    engine = Engine(config.load(rules.configuration, "conformance", PROFILE[rules.level]), ClosedWorld())
    found = {}
    for document in gather([str(rules.folder)]).objects:
        enforced = engine.judge(creation_of(document, document.value)).at(Mode.ENFORCE)
        found[document.source] = {finding.policy for finding in enforced}
    return _disagreements(rules, found)


def by_scan(rules: RuleSet) -> list[str]:
    """The disagreements of `gatewright scan`."""
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        file.write(rules.configuration)
        file.flush()
        command = ["scan", str(rules.folder), "--profile", PROFILE[rules.level], "--config", file.name, "-o", "json"]
        output = CliRunner().invoke(app, command, catch_exceptions=False).stdout
    found = {
        judged["source"]: {finding["policy"] for finding in judged["findings"] if finding["mode"] == "enforce"}
        for judged in json.loads(output)["objects"]
    }
    return _disagreements(rules, found)


def _disagreements(rules: RuleSet, found: dict[str, set[str]]) -> list[str]:
    lines = []
    for fixture in rules.fixtures:
        enforced = found.get(str(fixture.file), {"nothing: it was not judged"})
        if not fixture.agrees(enforced):
            expected = "no denial" if fixture.is_allowed else fixture.check
            place = f"{rules.level} {rules.version} {fixture.file.name}"
            lines.append(f"{place}: expected {expected}, found {', '.join(sorted(enforced)) or 'no denial'}")
    return lines


def main() -> int:
    """Judges a folder of fixtures and prints how many agree."""
    sets = list(rule_sets(Path(sys.argv[1])))
    total = sum(len(rules.fixtures) for rules in sets)
    if not total:
        print(f"{sys.argv[1]}: no fixtures here; the folder has baseline/ and restricted/ in it", file=sys.stderr)
        return 2
    failed = False
    for name, judge in (("engine", by_engine), ("scan", by_scan)):
        disagreements = [line for rules in sets for line in judge(rules)]
        for line in disagreements:
            print(f"{name}: {line}")
        print(f"{name}: {total - len(disagreements):,} of {total:,} as upstream has them, verdict and check")
        failed |= bool(disagreements)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

"""What `new-policy` writes, that it passes, and what it refuses."""

from pathlib import Path

import pytest

from gatewright.model.kinds import MODELS
from tests.unit.cli.invoke import run

TOLD = """\
wrote own/{name}.py and own/{name}.yaml

Its cases:   gatewright test own
To turn it on, in the configuration:
  policyFolders: [own]
  policies: {{{id}: warn}}
"""


def test_a_policy_of_pods_and_its_cases(folder: Path) -> None:
    assert run("new-policy", "team-label", "--in", "own") == (0, TOLD.format(name="team_label", id="team-label"), "")
    assert (folder / "own" / "team_label.py").read_text().splitlines()[-4:] == [
        "@policy(severity=Severity.LOW)",
        "def team_label(pod: Pod) -> Violations:",
        '    if not pod.metadata.labels.get("owner"):',
        '        yield Violation(pod.metadata, "labels.owner", "the label owner is not set")',
    ]
    assert run("test", "own") == (0, "1 policy, 3 cases on 30 objects: all as expected\n", "")


@pytest.mark.parametrize("kind", sorted(model.__name__ for model in MODELS))
def test_one_of_every_kind_passes(kind: str) -> None:
    assert run("new-policy", "a_rule", "--of", kind, "--in", "own").code == 0
    assert run("test", "own") == (0, "1 policy, 3 cases on 3 objects: all as expected\n", "")


def test_it_can_be_turned_on(folder: Path) -> None:
    run("new-policy", "team-label")
    (folder / "gatewright.yaml").write_text("policyFolders: [policies]\npolicies: {'*': off, team-label: warn}\n")
    told = run("scan", "port.json", "--config", "gatewright.yaml").out
    assert "warn    team-label (low): the label owner is not set" in told


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["Team"], "Team is no name for a policy: use small letters, digits and hyphens, like team-label"),
        (["../x"], "../x is no name for a policy: use small letters, digits and hyphens, like team-label"),
        *(
            (
                [word],
                f"{word} is no name for a policy: Python or YAML takes it for a word of its own; take e.g. team-{word}",
            )
            for word in ("class", "false", "n", "no", "null", "off", "on", "true", "y", "yes")
        ),
        (["host_ports"], "host-ports is a built-in policy; gatewright policies host-ports shows it"),
        (["a", "--in", "port.json"], "port.json: cannot be written: File exists"),
    ],
)
def test_what_is_refused(arguments: list[str], reason: str) -> None:
    assert run("new-policy", *arguments) == (2, "", f"error: {reason}\n")


def test_a_kind_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    ran = run("new-policy", "a", "--of", "Shelf")
    assert ran.code == 2
    assert ran.err.startswith("error: --of Shelf: there is no such kind; there are Cluster, ClusterRole, ")


def test_nothing_is_written_over(folder: Path) -> None:
    (folder / "a.yaml").write_text("mine")
    assert run("new-policy", "a", "--in", ".") == (2, "", "error: a.yaml is there already\n")
    assert (folder / "a.yaml").read_text() == "mine"
    assert not (folder / "a.py").exists()

"""`--only` restricts and never turns on, in `scan` and in `review` alike."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.invoke import PORT, Ran, denied, run, warned
from tests.unit.webhook.builders import request

BARE = json.dumps(request(object=PORT))
ONE = "1 object, {} denied; findings: {} enforce, {} warn, 0 audit\n"


def both(folder: Path, *options: str) -> tuple[Ran, Ran]:
    (folder / "review.json").write_text(BARE)
    return run("scan", "port.json", *options), run("review", "review.json", *options)


def found(ran: Ran) -> list[str]:
    return [one["policy"] for one in ran.document["findings"]]


@pytest.mark.parametrize("only", ["host-ports", "hostPorts", "privileged, host-ports", "hostPorts,host-ports,,"])
def test_an_id_is_ours_or_upstreams(folder: Path, only: str) -> None:
    scanned, reviewed = both(folder, "--only", only)
    assert scanned == (1, denied() + ONE.format(1, 1, 0), "")
    assert (reviewed.code, found(reviewed), reviewed.err) == (1, ["host-ports"], "")


def test_nothing_else_runs(folder: Path) -> None:
    scanned, reviewed = both(folder, "--only", "privileged")
    assert scanned == (0, ONE.format(0, 0, 0), "")
    assert (reviewed.code, found(reviewed), reviewed.err) == (0, [], "")


OFF = "--only host-ports: it is off; turn it on with policies: {host-ports: warn} in the configuration"
NONE = "--only host-port: no such policy; gatewright policies lists them"


@pytest.mark.parametrize(
    ("configuration", "only", "problems"),
    [
        ("{}", "host-port", [NONE]),
        ("policies: {host-ports: off}", "host-ports", [OFF]),
        ("policies: {host-ports: off}", "hostPorts", [OFF]),
        ("policies: {host-ports: off}", "privileged,host-ports,host-port", [OFF, NONE]),
        ('policies: {"*": off}', "host-ports", [OFF]),
        ("policies: {pod_security/*: off}", "host-ports", [OFF]),
        ('{policies: {"*": off}, overrides: [{namespaces: x, policies: {sysctls: warn}}]}', "host-ports", [OFF]),
        ("policies: {host-ports: {critical: off, else: off}}", "host-ports", [OFF]),
    ],
)
def test_what_is_off_stays_off(folder: Path, configuration: str, only: str, problems: list[str]) -> None:
    (folder / "c.yaml").write_text(configuration)
    errors = "".join(f"error: {problem}\n" for problem in problems)
    assert both(folder, "-c", "c.yaml", "--only", only) == ((2, "", errors), (2, "", errors))


@pytest.mark.parametrize(
    "configuration",
    [
        '{policies: {"*": off}, overrides: [{namespaces: shop, policies: {host-ports: warn}}]}',
        '{policies: {"*": off}, overrides: [{namespaces: shop, profile: observe}]}',
        'policies: {"*": off, host-ports: warn}',
        'policies: {"*": off, hostPorts: {high: warn, else: off}}',
    ],
)
def test_what_something_turns_on_can_be_chosen(folder: Path, configuration: str) -> None:
    (folder / "c.yaml").write_text(configuration)
    scanned, reviewed = both(folder, "-c", "c.yaml", "--only", "host-ports")
    assert scanned == (0, warned() + ONE.format(0, 0, 1), "")
    assert (reviewed.code, found(reviewed), reviewed.err) == (0, ["host-ports"], "")


def test_a_configuration_that_is_refused_is_told_whole(folder: Path) -> None:
    (folder / "c.yaml").write_text("policies:\n  host-port: off\nprofil: strict\n")
    errors = (
        "error: c.yaml:2: policies.host-port: no such policy; did you mean host-ports?\n"
        "error: c.yaml:3: profil: unknown key; did you mean profile?\n"
    )
    refused = (2, "", errors)
    assert both(folder, "-c", "c.yaml") == (refused, refused)
    gone = (2, "", "error: none.yaml: cannot be read: No such file or directory\n")
    assert both(folder, "-c", "none.yaml") == (gone, gone)

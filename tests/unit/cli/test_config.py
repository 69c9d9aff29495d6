"""What `config check` prints, whole."""

import json
from pathlib import Path

import pytest

from gatewright import wiring
from gatewright.engine.explain import explained, resolved
from gatewright.model.version import NEWEST
from tests.builders import built_in
from tests.unit.cli.invoke import run

TIERS = """\
profile: observe
kubernetes: v1.30
templates: {argoproj.io/Rollout: spec.template}
policies:
  "*": off
  host-ports: {mode: warn, allowed: [9100, "5000-6000"]}
  privileged: {critical: enforce, else: audit}
overrides:
  - namespaceLabels: {tier: production}
    policies: {privileged: enforce}
  - namespaces: [kube-*, monitoring]
    kinds: Pod
    policies: {sysctls: off}
"""
ELSEWHERE = "elsewhere: overrides[1] (namespaces kube-*, monitoring; kinds Pod): sysctls off\n"
PRODUCTION = "elsewhere: overrides[0] (namespaceLabels tier=production): privileged enforce\n"


@pytest.fixture(name="tiers", autouse=True)
def _tiers(folder: Path) -> Path:
    (folder / "c.yaml").write_text(TIERS)
    return folder / "c.yaml"


def listed(by_id: dict[str, str]) -> str:
    """The lines of all policies, off by the file's `*` unless something else is said."""
    ids = built_in().entries
    longest, off = max(map(len, ids)), "off      policies"
    return "".join(f"{id_:<{longest}}  {by_id.get(id_, off)}\n" for id_ in ids)


MAP = "critical: enforce, high: audit, medium: audit, low: audit"
PORTS = "  allowed: [9100, '5000-6000']"


def test_the_configuration_resolved(tiers: Path) -> None:
    policies = {"host-ports": f"warn     policies{PORTS}", "privileged": f"{MAP}  policies"}
    assert run("config", "check", "c.yaml") == (
        0,
        (
            f"profile observe, latest means v1.30, hash {wiring.configure(tiers).hash}\n"
            "podSecurityLabels at-most-warn, enforceOn workloads, enforceRoles bound\n"
            f"template Rollout.argoproj.io spec.template\n{listed(policies)}{PRODUCTION}{ELSEWHERE}"
        ),
        "",
    )


def test_what_applies_in_a_namespace(tiers: Path) -> None:
    policies = {"host-ports": f"warn     policies{PORTS}", "privileged": "enforce  overrides[0]"}
    head = (
        f"profile observe, latest means v1.30, hash {wiring.configure(tiers).hash}\n"
        "podSecurityLabels at-most-warn, enforceOn workloads, enforceRoles bound\n"
        "template Rollout.argoproj.io spec.template\n"
    )
    ran = run("config", "check", "c.yaml", "--explain", "shop", "--label", "tier=production", "--label", "a=b=c")
    assert ran == (0, f"{head}{listed(policies)}{ELSEWHERE}", "")
    elsewhere = run("config", "check", "c.yaml", "--explain", "shop", "--label", "tier=test")
    policies = {"host-ports": f"warn     policies{PORTS}", "privileged": f"{MAP}  policies"}
    assert elsewhere == (0, f"{head}{listed(policies)}{ELSEWHERE}", "")


@pytest.mark.parametrize("option", ["-o", "--output"])
def test_json_is_the_whole_document(tiers: Path, option: str) -> None:
    configuration = wiring.configure(tiers)
    whole = json.dumps(resolved(configuration), indent=2, ensure_ascii=False) + "\n"
    assert run("config", "check", "c.yaml", option, "json") == (0, whole, "")
    labels = {"tier": "production"}
    whole = json.dumps(explained(configuration, "shop", labels), indent=2, ensure_ascii=False) + "\n"
    arguments = ("--explain", "shop", "--label", "tier=production", option, "json")
    assert run("config", "check", "c.yaml", *arguments) == (0, whole, "")


def test_the_profile_above_the_file(folder: Path) -> None:
    (folder / "empty.yaml").write_text("")
    code, out, err = run("config", "check", "empty.yaml", "--profile", "strict")
    head, labels, *policies = out.splitlines()
    file = folder / "empty.yaml"
    assert head == f"profile strict, latest means {NEWEST}, hash {wiring.configure(file, 'strict').hash}"
    assert labels == "podSecurityLabels tighten, enforceOn workloads, enforceRoles all"
    assert {tuple(line.split(maxsplit=1)) for line in policies} == {
        (id_, "off      nothing turns it on" if id_ == "drop-all-capabilities" else "enforce  profile strict")
        for id_ in built_in().entries
    }
    assert (code, len(policies), err) == (0, len(built_in().entries), "")


@pytest.mark.parametrize("options", [[], ["--no-color"]])
def test_nothing_is_coloured(options: list[str]) -> None:
    assert run("config", "check", "c.yaml", *options, FORCE_COLOR="1") == run("config", "check", "c.yaml")


CONNECTING = '''"""Nobody enters."""
from gatewright.policy import Connect, Severity, Violations, policy


@policy(severity=Severity.LOW, on={"CONNECT"})
def entered(connect: Connect) -> Violations:
    yield from ()
'''


def test_what_does_not_do_what_it_seems_to_is_warned_of_on_standard_error(folder: Path) -> None:
    (folder / "own").mkdir()
    (folder / "own" / "entered.py").write_text(CONNECTING)
    (folder / "c.yaml").write_text("{policyFolders: own, policies: {entered: warn}}")
    code, out, err = run("config", "check", "c.yaml")
    told = "policies: entered: warn acts as audit on CONNECT, where no warning reaches anyone"
    assert (code, err) == (0, f"warning: {told}\n")
    assert [line.split() for line in out.splitlines() if line.startswith("entered")] == [
        ["entered", "warn", "policies"]
    ]


def test_a_configuration_that_is_refused_is_exit_code_2_with_every_reason(folder: Path) -> None:
    (folder / "c.yaml").write_text("policies:\n  host-port: off\n  sysctls: on\n  privileged:\n")
    modes = "must be enforce, warn, audit, off, or a map over severities"
    assert run("config", "check", "c.yaml") == (
        2,
        "",
        (
            "error: c.yaml:2: policies.host-port: no such policy; did you mean host-ports?\n"
            f"error: c.yaml:3: policies.sysctls: {modes}\n"
            "error: c.yaml:4: policies.privileged: is empty; give it a value or leave it out\n"
        ),
    )
    assert run("config", "check", "c.yaml", "-o", "json", "--explain", "shop")[:2] == (2, "")
    gone = "error: none.yaml: cannot be read: No such file or directory\n"
    assert run("config", "check", "none.yaml") == (2, "", gone)


def test_the_group_alone_is_its_help() -> None:
    code, out, err = run("config")
    assert (code, out + err) == (2, run("config", "--help").out)
    assert "check  Check a configuration and print it resolved." in out + err

"""What `scan` prints and how it ends, whole."""

import json
from pathlib import Path

import pytest

from gatewright import wiring
from gatewright.cli.options import Output
from tests.builders import namespace, pod
from tests.unit.cli.invoke import PORT, ROOT, denied, run, text, warned

ROOT_WARNED = """\
Pod shop/root (root.json:1): allowed
  warn    run-as-non-root (medium): container "app" must set securityContext.runAsNonRoot to true
          at root.json:1 spec.containers[0].securityContext.runAsNonRoot
          fix: set it to true
"""
SUMMARY = "1 object, {} denied; findings: {} enforce, {} warn, {} audit\n"


def test_what_is_clean_is_a_summary_alone() -> None:
    assert run("scan", "-", stdin=text(pod())) == (0, SUMMARY.format(0, 0, 0, 0), "")


def test_what_denies_is_exit_code_1() -> None:
    assert run("scan", "port.json") == (1, denied() + SUMMARY.format(1, 1, 0, 0), "")


def test_what_only_warns_is_not() -> None:
    assert run("scan", "root.json") == (0, ROOT_WARNED + SUMMARY.format(0, 0, 1, 0), "")


def test_objects_of_several_paths_come_in_their_order() -> None:
    summary = "2 objects, 1 denied; findings: 1 enforce, 1 warn, 0 audit\n"
    assert run("scan", "root.json", "port.json") == (1, ROOT_WARNED + denied() + summary, "")


def test_a_profile_is_an_option() -> None:
    assert run("scan", "port.json", "--profile", "observe") == (0, warned() + SUMMARY.format(0, 0, 1, 0), "")
    root = ROOT_WARNED.replace("allowed", "denied").replace("warn   ", "enforce")
    assert run("scan", "root.json", "--profile", "strict") == (1, root + SUMMARY.format(1, 1, 0, 0), "")


@pytest.mark.parametrize("option", ["--config", "-c"])
def test_a_configuration_is_an_option_and_the_profile_beats_its_own(folder: Path, option: str) -> None:
    (folder / "c.yaml").write_text("profile: observe")
    assert run("scan", "port.json", option, "c.yaml") == (0, warned() + SUMMARY.format(0, 0, 1, 0), "")
    strict = run("scan", "port.json", option, "c.yaml", "--profile", "default")
    assert strict == (1, denied() + SUMMARY.format(1, 1, 0, 0), "")


@pytest.mark.parametrize(
    ("profile", "fail_on", "codes"),
    [
        ("default", "enforce", (1, 0)),
        ("default", "warn", (1, 1)),
        ("observe", "enforce", (0, 0)),
        ("observe", "warn", (1, 0)),
        ("observe", "audit", (1, 1)),
    ],
)
def test_fail_on_is_a_threshold(profile: str, fail_on: str, codes: tuple[int, int]) -> None:
    """The exit code alone depends on it: never what is allowed, nor what is printed."""
    for file, code in zip(("port.json", "root.json"), codes, strict=True):
        arguments = ("scan", file, "--profile", profile)
        assert run(*arguments, "--fail-on", fail_on) == (code, *run(*arguments)[1:])
        whole = run(*arguments, "--output", "json")
        assert run(*arguments, "--fail-on", fail_on, "--output", "json") == (code, *whole[1:])


@pytest.mark.parametrize("option", ["-q", "--quiet"])
def test_quiet_prints_only_what_fails(option: str) -> None:
    assert run("scan", option, "root.json", "port.json") == (1, denied(), "")
    assert run("scan", option, "root.json") == (0, "", "")
    assert run("scan", option, "root.json", "--fail-on", "warn") == (1, ROOT_WARNED, "")
    missing = "error: none: cannot be read: No such file or directory\n"
    assert run("scan", option, "none", "root.json") == (2, "", missing)


def test_json_is_the_whole_document(folder: Path) -> None:
    (folder / "a.yaml").write_text(f"{text(PORT)}\n---\n{text(namespace('other'))}\n---\na: [\n")
    code, out, err = run("scan", "a.yaml", "none", "-o", "json")
    path = "/spec/containers/0/ports/0/hostPort"
    finding = {
        "policy": "host-ports", "severity": "high", "mode": "enforce", "path": "spec.containers[0].ports[0].hostPort",
        "line": 1, "message": 'container "app" uses host port 80', "fix": [{"op": "remove", "path": path}],
    }  # fmt: skip
    broken = "did not find expected node content while parsing a flow node that starts at line 6"
    document = {
        "version": 1,
        "profile": "default",
        "configHash": wiring.configure(None).hash,
        "objects": [
            {"source": "a.yaml", "line": 1, "apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "web"}
            | {"allowed": False, "findings": [finding]},
            {"source": "a.yaml", "line": 3, "apiVersion": "v1", "kind": "Namespace", "namespace": None, "name": "other"}
            | {"allowed": True, "findings": []},
        ],
        "errors": [
            {"source": "a.yaml", "line": 6, "message": broken},
            {"source": "none", "line": 0, "message": "cannot be read: No such file or directory"},
        ],
        "summary": {"objects": 2, "denied": 1, "findings": {"enforce": 1, "warn": 0, "audit": 0}},
    }
    assert (code, out, err) == (2, json.dumps(document, indent=2) + "\n", "")


def test_quiet_changes_no_document() -> None:
    whole = run("scan", "root.json", "--output", "json")
    assert run("scan", "root.json", "--output", "json", "-q") == whole
    assert [one["allowed"] for one in whole.document["objects"]] == [True]


def test_the_profile_and_the_hash_are_those_of_the_configuration(folder: Path) -> None:
    (folder / "c.yaml").write_text("profile: strict")
    document = run("scan", "root.json", "-c", "c.yaml", "-o", "json").document
    assert (document["profile"], document["configHash"]) == ("strict", wiring.configure(folder / "c.yaml").hash)


COLOURED = "\x1b[1mPod shop/web\x1b[0m (port.json:1): {}denied\x1b[0m\n  {}enforce \x1b[0mhost-ports"


@pytest.mark.parametrize("output", Output)
@pytest.mark.parametrize(("options", "environment"), [((), {"NO_COLOR": "1"}), (("--no-color",), {})])
def test_colours_can_be_left_out(output: Output, options: tuple[str, ...], environment: dict[str, str]) -> None:
    arguments = ("scan", "port.json", "-o", output)
    plain = run(*arguments, *options, FORCE_COLOR="1", **environment)
    coloured = run(*arguments, FORCE_COLOR="1")
    if output is Output.JSON:  # programs read it: never coloured
        assert plain == coloured == run(*arguments)
    else:
        assert plain.out.startswith(COLOURED.format("\x1b[1m", "\x1b[1m"))
        assert coloured.out.startswith(COLOURED.format("\x1b[1;31m", "\x1b[1;31m"))


def test_nothing_is_coloured_where_there_is_no_terminal() -> None:
    ran = run("scan", "port.json", "none")
    assert (ran.out.count("\x1b"), ran.err.count("\x1b")) == (0, 0)
    coloured = run("scan", "port.json", "none", FORCE_COLOR="1")
    assert (coloured.out.count("\x1b"), coloured.err.count("\x1b")) == (6, 2)


def test_errors_are_coloured_on_their_own_output() -> None:
    told = ": none: cannot be read: No such file or directory\n"
    assert run("scan", "none", FORCE_COLOR="1").err == f"\x1b[1;31merror: \x1b[0m{told[2:]}"
    assert run("scan", "none", "--no-color", FORCE_COLOR="1").err == f"\x1b[1merror: \x1b[0m{told[2:]}"


def test_a_fix_that_is_not_verified_is_none(folder: Path) -> None:
    (folder / "own").mkdir()
    (folder / "own" / "useless.py").write_text(
        '"""No node is right."""\n'
        "from gatewright.policy import Pod, Set, Severity, Violation, Violations, policy\n\n\n"
        "@policy(severity=Severity.LOW)\n"
        "def useless(pod: Pod) -> Violations:\n"
        '    yield Violation(pod.spec, "nodeName", "no node is right", fix=Set("another"))\n'
    )
    (folder / "c.yaml").write_text('{policyFolders: own, policies: {"*": off, useless: enforce}}')
    (one,) = run("scan", "-", "-c", "c.yaml", "-o", "json", stdin=text(ROOT)).document["objects"]
    assert [(found["message"], found["fix"]) for found in one["findings"]] == [("no node is right", None)]
    said = run("scan", "-", "-c", "c.yaml", stdin=text(ROOT)).out
    assert said == (
        "Pod shop/root (-:1): denied\n  enforce useless (low): no node is right\n          at -:1 spec.nodeName\n"
        + SUMMARY.format(1, 1, 0, 0)
    )

"""What `test` prints and how it ends, whole."""

from pathlib import Path

import pytest

from tests.unit.cli.invoke import run

POLICY = '''"""Names are short."""
from gatewright.policy import Pod, Severity, Violation, Violations, policy


@policy(severity=Severity.LOW)
def short(pod: Pod) -> Violations:
    if len(pod.metadata.name) > 9:
        yield Violation(pod.metadata, "name", "the name is long")
'''
CASES = """\
policy: short
cases:
  - name: a short one
    kinds: [Pod]
  - name: a long one
    kinds: [Pod, Job]
    set: {metadata.name: abcdefghij}
    expect: {metadata.name: the name is long}
"""
PASSED = "1 policy, 2 cases on 3 objects: all as expected\n"


@pytest.fixture(name="own", autouse=True)
def _own(folder: Path) -> Path:
    own = folder / "own"
    own.mkdir()
    (own / "short.py").write_text(POLICY)
    (own / "short.yaml").write_text(CASES)
    return own


def test_cases_that_hold() -> None:
    assert run("test", "own") == (0, PASSED, "")


@pytest.mark.parametrize("options", [["-q"], ["--quiet"], ["-q", "--no-color"]], ids=" ".join)
def test_quiet_says_nothing_of_them(options: list[str]) -> None:
    assert run("test", "own", *options) == (0, "", "")


FAILED = """\
own/short.yaml:5: short: a long one
  Pod, containers and 1 more objects: not found: metadata.name: the name is very long
  Pod, containers and 1 more objects: not expected: metadata.name: the name is long
"""


def test_cases_that_fail_are_exit_code_1_and_shown(own: Path) -> None:
    (own / "short.yaml").write_text(CASES.replace("name: the name is", "name: the name is very"))
    summary = "1 policy, 2 cases on 3 objects: 1 failed\n"
    assert run("test", "own") == (1, FAILED + summary, "")
    assert run("test", "own", "-q") == (1, FAILED, "")
    assert run("test", "own", "--no-color", FORCE_COLOR="1") == (1, FAILED + summary, "")


def test_a_policy_that_raises_shows_its_author_where(own: Path) -> None:
    (own / "short.py").write_text(POLICY.replace("> 9", "> None"))
    code, out, err = run("test", "own")
    assert (code, err) == (1, "")
    head, undecided, traceback, file, *_ = out.splitlines()
    assert head == "own/short.yaml:3: short: a short one"
    assert undecided == "  Pod, containers: not expected: : short raised TypeError"
    assert traceback == "  Pod, containers: Traceback (most recent call last):"
    assert file.endswith('short.py", line 7, in short')


def test_a_policy_without_cases_is_exit_code_2(own: Path) -> None:
    (own / "other.py").write_text(POLICY.replace("short(", "other("))
    missing = "error: own/other.py: no cases; write them in own/other.yaml\n"
    assert run("test", "own") == (2, PASSED, missing)
    (own / "short.yaml").write_text(CASES.replace("name: the name is", "name: the name is very"))
    assert run("test", "own", "-q") == (2, FAILED, missing)
    (own / "short.yaml").unlink()
    both = f"{missing}error: own/short.py: no cases; write them in own/short.yaml\n"
    assert run("test", "own") == (2, "", both)


def test_a_file_that_cannot_be_run_does_not_take_the_others_with_it(own: Path) -> None:
    (own / "a.yaml").write_text("policy: shorter\ncases: [{name: a}]\n")
    (own / "b.yaml").write_text("a: [\n")
    (own / "c.yaml").write_text("policy: short\ncases: [{name: a,\n  exect: {}}]\n")
    (own / "d.yaml").mkdir()
    (own / "e.yaml").write_text("- a\n")
    (own / "values.yaml").write_text("replicas: 2\n")  # no cases, and nobody says so
    assert run("test", "own") == (
        2,
        PASSED,
        "error: own/a.yaml:1: policy: there is no policy shorter\n"
        "error: own/b.yaml:2: did not find expected node content while parsing a flow node that starts at line 2\n"
        "error: own/c.yaml:3: cases[0].exect: unknown key; did you mean expect?\n"
        "error: own/d.yaml: cannot be read: Is a directory\n"
        "error: own/e.yaml:1: must be a mapping of keys to values\n",
    )


def test_a_policy_that_does_not_load_is_a_problem(own: Path) -> None:
    (own / "bad.py").write_text("1 / 0\n")
    assert run("test", "own") == (2, PASSED, "error: own/bad.py: ZeroDivisionError: division by zero\n")


def test_a_folder_without_cases_is_exit_code_2(folder: Path) -> None:
    (folder / "empty").mkdir()
    (folder / "empty" / "values.yaml").write_text("replicas: 2\n")
    assert run("test", "empty") == (2, "", "error: empty: there are no cases here\n")
    assert run("test", "none") == (2, "", "error: none: there is no such folder\n")
    assert run("test", "port.json") == (2, "", "error: port.json: there is no such folder\n")


def test_built_in_policies_can_be_tested_by_cases_alone(folder: Path) -> None:
    (folder / "cases").mkdir()
    (folder / "cases" / "a.yaml").write_text("policy: privileged\ncases: [{name: a, kinds: [Pod]}]\n")
    assert run("test", "cases") == (0, "1 policy, 1 case on 1 object: all as expected\n", "")

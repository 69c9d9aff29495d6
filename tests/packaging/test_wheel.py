"""The wheel works where people install it: in repositories that have an app/ and a policies/ of their own."""

import json
from pathlib import Path

import pytest

from tests.packaging.program import Program

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  hostPID: true
  containers: [{name: app, image: registry.example/app:1}]
"""
TRAP = 'raise SystemExit("this is the user\'s own package, and none of our business")\n'


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for package in ("app", "policies"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text(TRAP)
    (tmp_path / "pod.yaml").write_text(POD)
    return tmp_path


def test_it_scans_with_its_own_policies(program: Program, repository: Path) -> None:
    done = program.run("gatewright", "scan", "pod.yaml", "-o", "json", cwd=repository)
    assert (done.code, done.err) == (1, "")
    [judged] = json.loads(done.out)["objects"]
    assert [finding["policy"] for finding in judged["findings"] if finding["mode"] == "enforce"] == ["host-namespaces"]


def test_it_loads_the_policies_of_a_repository(program: Program, repository: Path) -> None:
    (repository / "policies" / "named.py").write_text(
        '"""A pod has the label `owner`."""\n'
        "from gatewright.policy import Pod, Severity, Violation, Violations, policy\n\n"
        "@policy(severity=Severity.LOW)\n"
        "def named(pod: Pod) -> Violations:\n"
        '    if "owner" not in pod.metadata.labels:\n'
        '        yield Violation(pod.metadata, "labels.owner", "the label owner is missing")\n'
    )
    (repository / "gatewright.yaml").write_text("policyFolders: [policies]\npolicies: {named: enforce}\n")
    command = ("scan", "pod.yaml", "--config", "gatewright.yaml", "--only", "named")
    done = program.run("gatewright", *command, cwd=repository)
    assert (done.code, done.err) == (1, "")
    assert done.out == (
        "Pod web (pod.yaml:1): denied\n"
        "  enforce named (low): the label owner is missing\n"
        "          at pod.yaml:3 metadata.labels.owner\n"
        "1 object, 1 denied; findings: 1 enforce, 0 warn, 0 audit\n"
    )

"""The wheel works where people install it: in repositories that have an app/ and a policies/ of their own."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  hostPID: true
  containers: [{name: app, image: registry.example/app:1}]
"""
TRAP = 'raise SystemExit("this is the user\'s own package, and none of our business")\n'


def run(*command: str | Path, cwd: Path, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(path or "")}
    return subprocess.run(
        [sys.executable, *command], cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    built = run("-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    assert built.returncode == 0, built.stderr
    [file] = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = run("-m", "pip", "install", "--no-deps", "--no-index", "--target", folder, wheel, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for package in ("app", "policies"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text(TRAP)
    (tmp_path / "pod.yaml").write_text(POD)
    return tmp_path


def test_it_scans_with_its_own_policies(installed: Path, repository: Path) -> None:
    done = run("-m", "gatewright", "scan", "pod.yaml", "-o", "json", cwd=repository, path=installed)
    assert done.stderr == ""
    [judged] = json.loads(done.stdout)["objects"]
    enforced = [finding["policy"] for finding in judged["findings"] if finding["mode"] == "enforce"]
    assert (done.returncode, enforced) == (1, ["host-namespaces"])


def test_it_loads_the_policies_of_a_repository(installed: Path, repository: Path) -> None:
    (repository / "policies" / "named.py").write_text(
        '"""A pod has the label `owner`."""\n'
        "from gatewright.policy import Pod, Severity, Violation, Violations, policy\n\n"
        "@policy(severity=Severity.LOW)\n"
        "def named(pod: Pod) -> Violations:\n"
        '    if "owner" not in pod.metadata.labels:\n'
        '        yield Violation(pod.metadata, "labels.owner", "the label owner is missing")\n'
    )
    (repository / "gatewright.yaml").write_text("policyFolders: [policies]\npolicies: {named: enforce}\n")
    command = ("-m", "gatewright", "scan", "pod.yaml", "--config", "gatewright.yaml", "--only", "named")
    done = run(*command, cwd=repository, path=installed)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == (
        "Pod web (pod.yaml:1): denied\n"
        "  enforce named (low): the label owner is missing\n"
        "          at pod.yaml:3 metadata.labels.owner\n"
        "1 object, 1 denied; findings: 1 enforce, 0 warn, 0 audit\n"
    )


def test_it_brings_the_policies_and_nothing_of_the_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    folders = {name.split("/")[0] for name in names}
    assert {"gatewright", *(folder for folder in folders if folder.endswith(".dist-info"))} == folders
    built_in = {f"gatewright/{file.relative_to(ROOT)}" for file in (ROOT / "policies").rglob("*.py")}
    profiles = {f"gatewright/{file.relative_to(ROOT)}" for file in (ROOT / "policies").rglob("*.yaml")}
    assert built_in | profiles <= set(names)

"""The wheel in a virtualenv of what the locks name and nothing else, as docs/install.md makes one."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT
from tests.packaging.program import Program, call

pytestmark = pytest.mark.service

POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "shop"}}
OFFENDER = POD | {"spec": {"hostPID": True, "containers": [{"name": "app", "image": "registry.example/app:1"}]}}


@pytest.fixture(name="fresh", scope="module")
def _fresh(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Program:
    folder = tmp_path_factory.mktemp("fresh")
    call(sys.executable, "-m", "venv", folder, cwd=folder)
    pip = (folder / "bin" / "python", "-m", "pip", "install", "--no-deps", "--no-compile")
    call(*pip, "--require-hashes", "--only-binary", ":all:", "-r", ROOT / "requirements" / "run.lock", cwd=folder)
    call(*pip, "--no-index", wheel, cwd=folder)
    call(*pip[:3], "check", cwd=folder)
    return Program(folder / "bin")


@contextmanager
def serving(program: Program, home: Path) -> Iterator[str]:
    """The webhook; its URL."""
    options: tuple[str | Path, ...] = ("--port", "0", "--health-port", "0", "--drain", "0", "--ca-out", home / "ca.crt")
    command = (program.bin / "gatewright", "serve", *options, "--manifests", home / "shop.json")
    with subprocess.Popen(
        command, cwd=home, env=program.environment(home), stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout
            yield json.loads(server.stdout.readline())["webhook"]
        finally:
            server.terminate()
            log, _ = server.communicate(timeout=30)
    assert (server.returncode, json.loads(log.splitlines()[-1])["msg"]) == (0, "stopped")


def test_it_says_its_version(fresh: Program, tmp_path: Path) -> None:
    version = (
        (ROOT / "app" / "gatewright" / "__init__.py").read_text().partition('__version__ = "')[2].partition('"')[0]
    )
    assert fresh.run("gatewright", "--version", cwd=tmp_path) == (0, f"gatewright {version}\n", "")


def test_it_has_its_policies_and_its_schema(fresh: Program, tmp_path: Path) -> None:
    listed = fresh.run("gatewright", "policies", "--output", "json", cwd=tmp_path)
    known = {file.stem.replace("_", "-") for file in (ROOT / "policies").rglob("*.py") if file.stem[0] != "_"}
    assert (listed.code, listed.err) == (0, "")
    assert {page["id"] for page in json.loads(listed.out)["policies"]} == known
    schema = fresh.run("gatewright", "policies", "--schema", cwd=tmp_path)
    assert schema == (0, (ROOT / "docs" / "schemas" / "config.json").read_text(), "")


def test_it_scans(fresh: Program, tmp_path: Path) -> None:
    (tmp_path / "pod.json").write_text(json.dumps(OFFENDER))
    done = fresh.run("gatewright", "scan", "pod.json", "--only", "host-namespaces", cwd=tmp_path)
    assert done == (
        1,
        """\
Pod shop/web (pod.json:1): denied
  enforce host-namespaces (high): the pod must not set hostPID to true
          at pod.json:1 spec.hostPID = true
          fix: set it to false
1 object, 1 denied; findings: 1 enforce, 0 warn, 0 audit
""",
        "",
    )


def test_it_serves(fresh: Program, tmp_path: Path) -> None:
    (tmp_path / "shop.json").write_text(
        json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})
    )
    review = ROOT / "hack" / "reviews" / "denied.json"
    with serving(fresh, tmp_path) as url:
        told = fresh.run("gatewright", "review", review, "--server", url, "--ca", tmp_path / "ca.crt", cwd=tmp_path)
    answer = json.loads(told.out)
    assert (told.code, answer["allowed"], answer["message"].partition(":")[0]) == (1, False, "Deployment shop/web")

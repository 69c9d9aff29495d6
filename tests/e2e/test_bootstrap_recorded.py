"""What an empty cluster of the pinned version has is what is recorded, and upstream's own tests say the same of it."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from controlplane import ControlPlane
from controlplane.build import VERSION
from service import ROOT

from gatewright.model.baseline import is_bootstrap
from gatewright.model.rbac import ClusterRole, ClusterRoleBinding, Role, RoleBinding
from gatewright.model.rbac_subjects import AnyBinding, AnyRole

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket]

KINDS: tuple[type[AnyRole | AnyBinding], ...] = (Role, ClusterRole, RoleBinding, ClusterRoleBinding)
MODELS = {kind.__name__: kind for kind in KINDS}


def bootstrap(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs hack/bootstrap."""
    command = [sys.executable, ROOT / "hack" / "bootstrap", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("source", [(), (VERSION,)], ids=["server", "sources"])
def test_recorded_afresh_they_are_the_same(source: tuple[str, ...], tmp_path: Path) -> None:
    done = bootstrap("--check", *source)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = bootstrap("--check", "--output", tmp_path, *source)
    command = " ".join(["hack/bootstrap", *source])
    said = f"v1.37.json: not what Kubernetes {VERSION} has; run {command}"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{said}\n")


def test_all_that_an_api_server_has_of_its_own_is_known(plane: ControlPlane) -> None:
    """Also of one that behaves as an older minor, and has something of each."""
    kinds = ",".join(MODELS)
    label = "kubernetes.io/bootstrapping=rbac-defaults"
    done = plane.kubectl("get", kinds, "--all-namespaces", "--selector", label, "--output", "json", check=True)
    items = json.loads(done.stdout)["items"]
    roles = {"": 73, "1.34": 68}[plane.emulate]
    assert Counter(item["kind"] for item in items) == {
        "ClusterRole": roles,
        "ClusterRoleBinding": roles - 19,
        "Role": 7,
        "RoleBinding": 7,
    }
    made = [(item["metadata"]["name"], msgspec.convert(item, MODELS[item["kind"]])) for item in items]
    assert [name for name, item in made if not is_bootstrap(item)] == []

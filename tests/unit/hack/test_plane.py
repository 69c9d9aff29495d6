import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from controlplane import ControlPlane, Failed, Plane
from controlplane import binaries as found

from tests.unit.hack.planes import binaries, log, stand_in


@pytest.fixture(name="plane")
def _plane(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ControlPlane]:
    stand_in(monkeypatch)
    programs = binaries(tmp_path)
    monkeypatch.setattr(found, "find", lambda: programs)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with ControlPlane(emulate="1.34", disable=["PodSecurity"]) as plane:
        yield plane


def test_a_plane_tells_where_it_is(plane: ControlPlane, tmp_path: Path) -> None:
    assert plane.folder.parent == tmp_path
    assert plane.folder.stat().st_mode & 0o777 == 0o700
    assert (plane.url, plane.version, plane.emulate) == ("https://127.0.0.1:6443", "v1.37.2", "1.34")
    assert plane.ca.read_text().startswith("-----BEGIN CERTIFICATE-----\n")
    assert plane.kubeconfig == plane.folder / "kubeconfig"
    assert plane.token("viewer") in plane.kubeconfig.read_text()
    with pytest.raises(KeyError):
        plane.token("root")


def test_it_is_usable_by_who_has_not_started_it(plane: ControlPlane) -> None:
    assert Plane(plane.folder).kubeconfig == plane.kubeconfig


def test_kubectl_is_given_this_kubeconfig_and_nothing_of_the_readers(
    plane: ControlPlane, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KUBECONFIG", "KUBECACHEDIR", "KUBERC", "KUBE_EDITOR", "LC_ALL", "READERS"):
        monkeypatch.setenv(name, "mine")
    done = plane.kubectl("apply", "-f", "-", input="kind: Pod\n", user="viewer")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"KUBECONFIG={plane.folder}/kubeconfig",
        f"KUBECACHEDIR={plane.folder}/kubectl-cache",
        "KUBERC=off",
        "KUBE_EDITOR=",
        "LC_ALL=C",
        "READERS=mine",
        f"--kubeconfig={plane.folder}/kubeconfig --user=viewer apply -f -",
        "kind: Pod",
    ]


def test_a_refusal_is_returned_unless_success_was_asked_for(plane: ControlPlane) -> None:
    done = plane.kubectl("fail")
    assert (done.returncode, done.stderr) == (1, "Error from server (Forbidden): no\n")
    with pytest.raises(subprocess.CalledProcessError) as raised:
        plane.kubectl("fail", check=True)
    note = raised.value.__notes__[0].splitlines()
    assert note[0] == "Error from server (Forbidden): no"
    assert note[-1] == f"--kubeconfig={plane.folder}/kubeconfig fail"


def test_an_event_that_is_being_written_is_left_out(plane: ControlPlane) -> None:
    log(plane.folder)
    assert plane.audit_events() == []
    log(plane.folder, {"verb": "get"}, {"verb": "create"})
    assert plane.audit_events() == [{"verb": "get"}, {"verb": "create"}]


def test_stopping_it_leaves_nothing_and_may_be_repeated(plane: ControlPlane) -> None:
    plane.stop()
    assert not plane.folder.exists()
    with pytest.raises(Failed) as failed:
        Plane(plane.folder)
    assert str(failed.value) == f"no control plane runs in {plane.folder}; hack/control-plane up starts one"
    plane.stop()


def test_one_that_does_not_start_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, "api")
    programs = binaries(tmp_path / "bin")
    monkeypatch.setattr(found, "find", lambda: programs)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(Failed, match=r"^the API server is not ready$"):
        ControlPlane()
    assert [path.name for path in tmp_path.iterdir()] == ["bin"]

from collections.abc import Iterable
from pathlib import Path

import pytest
from controlplane import binaries
from controlplane.build import VERSION
from controlplane.failure import Failed

from tests.unit.hack.programs import program

NAMES = ("kube-apiserver", "kube-controller-manager", "kubectl", "etcd")
ENVTEST = ("kube-apiserver", "etcd", "kubectl")


class Here:
    """A home with nothing in it, and a build that makes a file of each name."""

    def __init__(self, folder: Path) -> None:
        self.cache = folder / "cache"
        self.home = folder / "home"
        self.built: list[str] = []

    def build(self, names: Iterable[str]) -> None:
        for name in names:
            self.built.append(name)
            program(self.cache / name)

    def have(self, place: Path, names: Iterable[str]) -> Path:
        for name in names:
            program(place / name)
        return place

    def find(self, **environment: str) -> dict[str, Path]:
        return binaries.find({"HOME": str(self.home), **environment})


@pytest.fixture(name="here")
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    here = Here(tmp_path)
    monkeypatch.setattr(binaries, "CACHE", here.cache)
    monkeypatch.setattr(binaries, "build", here.build)
    monkeypatch.setattr("sys.platform", "linux")
    return here


def test_what_is_nowhere_is_built(here: Here) -> None:
    assert here.find() == {name: here.cache / name for name in NAMES}
    assert here.built == list(NAMES)


def test_what_was_built_is_found(here: Here) -> None:
    here.have(here.cache, NAMES)
    assert here.find() == {name: here.cache / name for name in NAMES}
    assert here.built == []


def test_a_folder_that_is_named_wins_and_lacks_the_controllers(here: Here, tmp_path: Path) -> None:
    here.have(here.cache, NAMES)
    assets = here.have(tmp_path / "assets", ENVTEST)
    found = here.find(KUBEBUILDER_ASSETS=str(assets))
    assert found == {name: (assets if name in ENVTEST else here.cache) / name for name in NAMES}
    assert here.built == []


def test_the_controllers_are_built_where_they_are_nowhere(here: Here, tmp_path: Path) -> None:
    assets = here.have(tmp_path / "assets", ENVTEST)
    found = here.find(KUBEBUILDER_ASSETS=str(assets))
    assert found["kube-controller-manager"] == here.cache / "kube-controller-manager"
    assert here.built == ["kube-controller-manager"]


def test_a_folder_that_has_the_controllers_too_needs_nothing_else(here: Here, tmp_path: Path) -> None:
    assets = here.have(tmp_path / "assets", NAMES)
    assert here.find(KUBEBUILDER_ASSETS=str(assets)) == {name: assets / name for name in NAMES}
    assert here.built == []


def test_a_folder_that_is_named_and_incomplete_is_refused(here: Here, tmp_path: Path) -> None:
    here.have(here.cache, NAMES)
    assets = here.have(tmp_path / "assets", ["etcd"])
    (assets / "kubectl").write_text("not a program")
    with pytest.raises(Failed) as refused:
        here.find(KUBEBUILDER_ASSETS=str(assets))
    lacks = "no kube-apiserver, kubectl in it; name a folder that has them, or unset it"
    assert str(refused.value) == f"KUBEBUILDER_ASSETS={assets}: {lacks}"


def test_the_newest_release_of_this_minor_that_setup_envtest_keeps(here: Here) -> None:
    store = here.home / ".local/share/kubebuilder-envtest/k8s"
    minor = VERSION.removeprefix("v").rpartition(".")[0]
    for version in (f"{minor}.9", f"{minor}.10", "1.30.99", f"{minor}0.0"):
        here.have(store / f"{version}-linux-amd64", ENVTEST)
    here.have(store / f"{minor}.11-rc.0-linux-amd64", ENVTEST)
    found = here.find()
    assert found == {
        name: (store / f"{minor}.10-linux-amd64" if name in ENVTEST else here.cache) / name for name in NAMES
    }
    assert here.built == ["kube-controller-manager"]


@pytest.mark.parametrize(
    ("platform", "environment", "store"),
    [
        ("linux", {"XDG_DATA_HOME": "data"}, "data/kubebuilder-envtest"),
        ("darwin", {"XDG_DATA_HOME": "data"}, "home/Library/Application Support/io.kubebuilder.envtest"),
    ],
)
def test_setup_envtest_keeps_them_where_the_system_keeps_data(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, environment: dict[str, str], store: str
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    place = here.have(tmp_path / store / "k8s" / f"{VERSION.removeprefix('v')}-{platform}-arm64", ENVTEST)
    found = here.find(**{name: str(tmp_path / value) for name, value in environment.items()})
    assert found["etcd"] == place / "etcd"


def test_what_was_built_comes_before_what_setup_envtest_keeps(here: Here) -> None:
    here.have(here.cache, ["etcd"])
    release = here.home / f".local/share/kubebuilder-envtest/k8s/{VERSION.removeprefix('v')}-linux-amd64"
    here.have(release, ENVTEST)
    found = here.find()
    assert found["etcd"] == here.cache / "etcd"
    assert found["kubectl"] == release / "kubectl"

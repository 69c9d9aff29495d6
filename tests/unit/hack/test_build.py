import fcntl
import re
import threading
from pathlib import Path

import pytest
from controlplane import build
from controlplane.failure import Failed
from controlplane.progress import Progress

from tests.unit.hack.programs import program

GO = r"""
echo "$PWD $*" >> "{log}"
env | grep -E '^(CGO_ENABLED|GO[A-Z]*)=' | sort >> "{log}.environment"
if [ "$1" = list ]; then echo internal/abi; echo k8s.io/api/core/v1; echo gopkg.in/inf.v0; exit; fi
echo "go: downloading k8s.io/api v0.37.2" >&2
{then}
while [ "$1" != -o ]; do shift; done
echo "a program" > "$2"
"""


class Toolchain:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "go"
        self.log = folder / "log"
        self.does("")

    def does(self, then: str) -> None:
        program(self.path, GO.format(log=self.log, then=then))


@pytest.fixture(name="cache")
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(build, "CACHE", tmp_path / "cache" / build.VERSION)
    return tmp_path / "cache" / build.VERSION


@pytest.fixture(name="go")
def _go(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Toolchain:
    assert not cache.exists()
    go = Toolchain(tmp_path)
    monkeypatch.setattr(build, "_toolchain", lambda: str(go.path))
    return go


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_program_is_built_in_its_module_with_its_version(cache: Path, go: Toolchain) -> None:
    build.build(["kubectl", "etcd"])
    assert names(cache) == ["etcd", "kubectl"]
    assert (cache / "kubectl").read_text() == "a program\n"
    scratch = re.search(r"/\.building-\w+/", go.log.read_text())
    assert scratch
    major, minor = build.VERSION[1:].split(".")[:2]
    version = " ".join(
        f"-X k8s.io/{name}={value}"
        for name, value in (
            ("component-base/version.gitVersion", build.VERSION),
            ("component-base/version.gitMajor", major),
            ("component-base/version.gitMinor", minor),
            ("client-go/pkg/version.gitVersion", build.VERSION),
        )
    )
    flags = f"-v -trimpath -buildvcs=false -ldflags -s -w {version} -o {cache}{scratch[0]}"
    assert go.log.read_text().splitlines() == [
        f"{build.HERE}/kubernetes list -deps k8s.io/kubernetes/cmd/kubectl",
        f"{build.HERE}/kubernetes build {flags}kubectl k8s.io/kubernetes/cmd/kubectl",
        f"{build.HERE}/etcd list -deps .",
        f"{build.HERE}/etcd build {flags}etcd .",
    ]


def test_the_callers_go_settings_have_no_say(cache: Path, go: Toolchain, monkeypatch: pytest.MonkeyPatch) -> None:
    callers = {"GOFLAGS": "-mod=mod", "GOOS": "plan9", "GOARCH": "arm", "GOEXPERIMENT": "x", "GOWORK": "/w"}
    for name, value in callers.items():
        monkeypatch.setenv(name, value)
    build.build(["etcd"])
    told = dict(line.split("=", 1) for line in Path(f"{go.log}.environment").read_text().splitlines())
    assert told.pop("GOTMPDIR").startswith(f"{cache}/.building-")
    fixed = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly", "GOWORK": "off", "GOTOOLCHAIN": "local"}
    assert {name: value for name, value in told.items() if name in callers or name in fixed} == fixed


def test_what_is_there_is_not_built_again(cache: Path, go: Toolchain, capsys: pytest.CaptureFixture[str]) -> None:
    program(cache / "etcd")
    build.build(["etcd"])
    assert not go.log.exists()
    assert capsys.readouterr().err == ""


def test_a_build_tells_what_it_does(cache: Path, go: Toolchain, capsys: pytest.CaptureFixture[str]) -> None:
    assert go.path.exists()
    build.build(["etcd"])
    assert capsys.readouterr().err.splitlines() == [
        f"building Kubernetes {build.VERSION} into {cache}, once (about 30 s on two cores)",
        "etcd (1 of 1): fetching sources; 0 s, about 30 s to go",
        "built in 0 s",
    ]


def test_what_fails_leaves_what_was_finished_and_nothing_half(cache: Path, go: Toolchain) -> None:
    go.does("case $PWD in */etcd) echo half > $GOTMPDIR/etcd; echo 'main.go:6:2: no such package' >&2; exit 1;; esac")
    with pytest.raises(Failed) as failed:
        build.build(["kubectl", "etcd"])
    assert str(failed.value) == (
        f"{go.path} build . has failed (KUBEBUILDER_ASSETS names a folder of programs that you have):\n"
        "  go: downloading k8s.io/api v0.37.2\n"
        "  main.go:6:2: no such package"
    )
    assert names(cache) == ["kubectl"]


def test_what_is_interrupted_ends_its_compiler_and_leaves_nothing_half(
    cache: Path, go: Toolchain, monkeypatch: pytest.MonkeyPatch
) -> None:
    go.does(f"trap 'echo interrupted >> {go.log}; exit 1' INT; for i in $(seq 600); do sleep 0.1; done")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "reach", interrupt)
    with pytest.raises(KeyboardInterrupt):
        build.build(["etcd"])
    assert go.log.read_text().splitlines()[-1] == "interrupted"
    assert names(cache) == []


def test_one_that_was_killed_is_cleared_away(cache: Path, go: Toolchain) -> None:
    (cache / ".building-killed").mkdir(parents=True)
    (cache / ".building-killed" / "etcd").write_text("half")
    build.build(["etcd"])
    assert names(cache) == ["etcd"]
    assert go.log.exists()


def test_the_second_of_two_waits_and_finds_it_built(
    cache: Path, go: Toolchain, capsys: pytest.CaptureFixture[str]
) -> None:
    cache.mkdir(parents=True)
    with cache.with_name(f"{build.VERSION}.busy").open("w") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)
        second = threading.Thread(target=build.build, args=[["etcd"]])
        second.start()
        second.join(timeout=0.2)
        assert second.is_alive()
        program(cache / "etcd")
    second.join(timeout=10)
    assert not second.is_alive()
    assert not go.log.exists()
    assert capsys.readouterr().err == f"another process builds Kubernetes {build.VERSION}; waiting for it\n"


@pytest.mark.parametrize(
    ("names", "seconds"),
    [
        (["kube-apiserver", "kube-controller-manager", "kubectl", "etcd"], [261, 71, 18, 27]),
        (["kube-controller-manager", "etcd"], [176, 27]),
        (["kubectl"], [123]),
        (["etcd"], [27]),
    ],
)
def test_the_first_also_compiles_what_is_shared(names: list[str], seconds: list[float]) -> None:
    assert list(build.weights(names).values()) == seconds


def test_all_of_kubernetes_is_of_one_version() -> None:
    module = (build.HERE / "kubernetes" / "go.mod").read_text()
    replaced = re.findall(r"^\t(k8s\.io/[\w-]+) => (k8s\.io/[\w-]+) (v\S+)$", module, re.M)
    staging = f"v0.{build.VERSION.removeprefix('v1.')}"
    assert len(replaced) == 31
    assert all(name == by and version == staging for name, by, version in replaced)


@pytest.mark.parametrize("name", ["kubernetes", "etcd"])
def test_every_module_that_is_required_is_pinned_by_its_hash(name: str) -> None:
    module, sums = ((build.HERE / name / file).read_text() for file in ("go.mod", "go.sum"))
    required = dict(re.findall(r"^(?:require |\t)(\S+) (v\S+)(?: // indirect)?$", module, re.M))
    required |= {name: by for name, by in re.findall(r"^\t(\S+) => \S+ (v\S+)$", module, re.M) if name in required}
    pinned = re.findall(r"^(\S+) (v[^\s/]+)(?:/go\.mod)? h1:\S{43}=$", sums, re.M)
    assert len(required) > 50
    assert required.items() - set(pinned) == set()

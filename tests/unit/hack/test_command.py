import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from controlplane import binaries as found
from controlplane import command, lifecycle, run
from controlplane.command import main

from tests.unit.hack.planes import NAMES, binaries, stand_in

Captured = pytest.CaptureFixture[str]


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    stand_in(monkeypatch)
    programs = binaries(tmp_path)
    monkeypatch.setattr(found, "find", lambda: programs)
    children: list[lifecycle.Servers] = []
    start = lifecycle.start

    def keep(*asked: object) -> lifecycle.Servers:
        children.append(start(*asked))  # type: ignore[arg-type]  # handed on as they come
        return children[-1]

    monkeypatch.setattr(lifecycle, "start", keep)
    before = signal.getsignal(signal.SIGTERM)
    yield tmp_path / "run"
    signal.signal(signal.SIGTERM, before)
    for servers in children:
        for child in servers.values():
            child.kill()
            child.wait()


def test_up_says_what_to_type_next(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr(command, "FOLDER", folder)
    assert main(["up", "--emulate", "v1.34", "--disable-admission-plugins", "PodSecurity", "--port", "7"]) == 0
    state = run.load(folder)
    assert state
    refused = "refused: users are admin, editor, viewer, nobody"
    ready, *lines = capsys.readouterr().out.splitlines()
    assert ready.startswith("ready after ")
    assert lines == [
        *(f"{name}: pid {state.processes[name].pid}, log {folder}/{name}.log" for name in NAMES),
        "Kubernetes v1.37.2 as 1.34, without PodSecurity on https://127.0.0.1:7",
        f"kubeconfig: {folder}/kubeconfig",
        "Next:",
        "  hack/control-plane kubectl get namespaces",
        "  hack/control-plane kubectl create deployment web --image=registry.example/web:1",
        f"  hack/control-plane kubectl --user viewer delete namespace default    ({refused})",
        '  eval "$(hack/control-plane env)"    kubectl in this shell',
        "  hack/control-plane down",
    ]


@pytest.mark.parametrize("before", [True, False])
def test_a_second_up_leaves_what_runs(folder: Path, capsys: Captured, before: bool) -> None:
    where = ["--dir", str(folder)]
    assert main([*where, "up"]) == 0
    first = capsys.readouterr().out.splitlines()[1:]
    assert main([*where, "up"] if before else ["up", *where]) == 0
    assert capsys.readouterr().out.splitlines() == first
    assert first[-1] == f"  hack/control-plane --dir {folder} down"


@pytest.mark.parametrize(
    ("asked", "differs"),
    [
        (["--emulate", "1.35"], "--emulate is 1.34"),
        (["--port", "7"], "--port is 6443"),
        (["--disable-admission-plugins", "PodSecurity"], "--disable-admission-plugins is not set"),
    ],
)
def test_a_second_up_that_asks_for_something_else_is_refused(
    folder: Path, capsys: Captured, asked: list[str], differs: str
) -> None:
    where = ["--dir", str(folder)]
    assert main([*where, "up", "--emulate", "1.34"]) == 0
    assert main([*where, "up", *asked]) == 1
    remedy = f"hack/control-plane --dir {folder} down first"
    assert capsys.readouterr().err == f"hack/control-plane: one runs already in {folder}, its {differs}; {remedy}\n"


def test_down_ends_it_and_may_be_repeated(folder: Path, capsys: Captured) -> None:
    where = ["--dir", str(folder)]
    main([*where, "up"])
    capsys.readouterr()
    assert main([*where, "down"]) == 0
    assert capsys.readouterr().out == "ended etcd, kube-apiserver, kube-controller-manager\n"
    assert not folder.exists()
    assert main([*where, "down"]) == 0
    assert capsys.readouterr().out == f"nothing runs in {folder}\n"


def test_what_is_half_dead_is_not_usable_and_replaced(folder: Path, capsys: Captured) -> None:
    where = ["--dir", str(folder)]
    main([*where, "up"])
    state = run.load(folder)
    assert state
    os.kill(state.processes["etcd"].pid, signal.SIGKILL)
    while state.processes["etcd"].is_alive:
        pass
    capsys.readouterr()
    assert main([*where, "status"]) == 1
    typed = f"hack/control-plane --dir {folder}"
    first, *_, last = capsys.readouterr().out.splitlines()
    assert first == f"etcd: has ended, log {folder}/etcd.log"
    assert last == f"It is not usable; {typed} up starts it again, {typed} down removes it"
    assert main([*where, "kubectl", "get", "pods"]) == 1
    assert capsys.readouterr().err == (
        f"hack/control-plane: no control plane runs in {folder}; hack/control-plane up starts one\n"
    )
    assert main([*where, "up"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "ended what was left of the last one"


def test_without_one_status_says_how_to_start_it(folder: Path, capsys: Captured) -> None:
    assert main(["--dir", str(folder), "status"]) == 1
    typed = f"hack/control-plane --dir {folder}"
    assert capsys.readouterr().out == f"nothing runs in {folder}; {typed} up starts a control plane\n"


def test_kubectl_takes_this_process_place_with_all_that_follows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []

    def execve(*arguments: object) -> NoReturn:
        given.extend(arguments)
        raise SystemExit(3)

    main(["--dir", str(folder), "up"])
    monkeypatch.setattr(os, "execve", execve)
    monkeypatch.setenv("KUBECONFIG", "/the/readers")
    monkeypatch.setenv("KUBE_EDITOR", "vi")
    asked = ["--user", "viewer", "exec", "web", "--", "kubectl", "--dir", "x", "--help"]
    with pytest.raises(SystemExit, match=r"^3$"):
        main(["--dir", str(folder), "kubectl", *asked])
    program, arguments, environment = given
    assert program == folder.parent / "kubectl"
    assert arguments == [str(program), f"--kubeconfig={folder}/kubeconfig", *asked]
    assert isinstance(environment, dict)
    kept = {name: value for name, value in environment.items() if name.startswith("KUBE")}
    assert kept == {
        "KUBECONFIG": f"{folder}/kubeconfig",
        "KUBECACHEDIR": f"{folder}/kubectl-cache",
        "KUBERC": "off",
        "KUBE_EDITOR": "vi",
    }


def test_env_is_for_a_shell_to_evaluate(folder: Path, capsys: Captured) -> None:
    spaced = folder.parent / "a folder"
    main(["--dir", str(spaced), "up"])
    capsys.readouterr()
    assert main(["--dir", str(spaced), "env"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"export KUBECONFIG='{spaced}/kubeconfig'",
        f"export KUBECACHEDIR='{spaced}/kubectl-cache'",
        "export KUBERC=off",
        f'export PATH={folder.parent}:"$PATH"',
    ]


def test_build_says_where_the_programs_are(folder: Path, capsys: Captured) -> None:
    assert main(["build"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"kubectl: {folder.parent}/kubectl"


def test_an_interrupted_start_has_no_traceback(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    stand_in(monkeypatch, "controllers")
    assert main(["--dir", str(folder), "up"]) == 130
    assert capsys.readouterr() == ("", "")

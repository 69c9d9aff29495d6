import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from controlplane import lifecycle, run, servers
from controlplane.failure import Failed
from controlplane.lifecycle import end, start
from controlplane.processes import Process
from controlplane.servers import Options

from tests.unit.hack.planes import NAMES, binaries, stand_in


@pytest.fixture(name="started")
def _started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[lifecycle.Servers]:
    stand_in(monkeypatch)
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "etcd.log").write_text("of the last run")
    programs = binaries(tmp_path)
    told: list[int] = []
    children = start(folder, Options("1.34", ("PodSecurity",)), programs, told.append)
    assert told == [child.pid for child in children.values()]
    yield children
    for child in children.values():
        child.kill()
        child.wait()


def test_what_was_started_is_written_down(started: lifecycle.Servers, tmp_path: Path) -> None:
    state = run.load(tmp_path / "run")
    assert state
    assert state.is_up
    assert {name: process.pid for name, process in state.processes.items()} == {n: c.pid for n, c in started.items()}
    state.processes = {}
    kubectl = str(tmp_path / "kubectl")
    assert state == run.Run("https://127.0.0.1:6443", "v1.37.2", "1.34", ["PodSecurity"], kubectl)


def test_all_that_lies_in_the_folder_is_known(started: lifecycle.Servers, tmp_path: Path) -> None:
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert started
    assert set(run.CONTENTS) - names == {".state.json", "audit.log", "etcd", "etcd.sock", "kubectl-cache", "peer.sock"}
    assert names <= set(run.CONTENTS)
    assert json.loads((tmp_path / "run" / "audit-policy.json").read_text()) == json.loads(
        json.dumps(servers.AUDIT_POLICY)
    )


def test_they_are_ended_by_what_was_written_down(started: lifecycle.Servers, tmp_path: Path) -> None:
    assert end(tmp_path / "run") == list(NAMES)
    assert [child.wait() for child in started.values()] == [-9, -9, -9]
    assert end(tmp_path / "run") == []
    assert end(tmp_path) == []


def test_a_server_that_has_died_and_whose_pid_is_anothers_is_left_alone(
    started: lifecycle.Servers, tmp_path: Path
) -> None:
    state = run.load(tmp_path / "run")
    assert state
    state.processes["etcd"] = Process(state.processes["etcd"].pid, ("etcd",))
    state.save(tmp_path / "run")
    assert end(tmp_path / "run") == list(NAMES[1:])
    assert started["etcd"].poll() is None


@pytest.mark.parametrize(("fails", "error", "logs"), [("api", Failed, 2), ("controllers", KeyboardInterrupt, 3)])
def test_a_start_that_fails_ends_what_it_has_started_and_leaves_the_logs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str, error: type[BaseException], logs: int
) -> None:
    stand_in(monkeypatch, fails)
    folder = tmp_path / "run"
    folder.mkdir()
    with pytest.raises(error):
        start(folder, Options(), binaries(tmp_path))
    state = run.load(folder)
    assert state
    assert list(state.processes) == list(NAMES[:logs])
    assert not any(process.is_alive for process in state.processes.values())
    assert not state.is_up
    assert sorted(path.name for path in folder.glob("*.log")) == [f"{name}.log" for name in NAMES[:logs]]

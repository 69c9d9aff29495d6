import threading
from pathlib import Path

import pytest
from controlplane import run
from controlplane.failure import Failed
from controlplane.processes import Process
from controlplane.run import Run

RUN = Run(
    "https://127.0.0.1:1", "v1.37.2", "1.34", ["PodSecurity"], "/bin/kubectl", {"etcd": Process(7, ("etcd", "-v"))}
)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    assert run.load(tmp_path) is None
    RUN.save(tmp_path)
    assert run.load(tmp_path) == RUN
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"processes": {}}',
        '{"processes": {}, "url": "", "more": 1}',
        '{"processes": {"etcd": 5}, "url": ""}',
        '{"processes": 5, "url": ""}',
    ],
)
def test_anothers_state_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "state.json").write_text(text)
    with pytest.raises(Failed) as refused:
        run.load(tmp_path)
    assert str(refused.value) == f"{tmp_path}/state.json: not a control plane's; remove it or name another folder"


def test_a_run_is_up_when_it_was_ready_and_all_of_it_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    alive = {1, 2}
    monkeypatch.setattr(Process, "is_alive", property(lambda process: process.pid in alive))
    processes = {"etcd": Process(1, ()), "kube-apiserver": Process(2, ())}
    assert Run("", version="v1", processes=processes).is_up
    assert not Run("", version="", processes=processes).is_up
    alive.remove(2)
    assert not Run("", version="v1", processes=processes).is_up


def test_what_is_removed_is_what_was_written(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    with run.locked(folder):
        for name in run.CONTENTS:
            (folder / name).write_text(name)
        (folder / "etcd").unlink()
        (folder / "etcd" / "member").mkdir(parents=True)
        (folder / "notes.txt").write_text("mine")
        run.remove(folder)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
    (folder / "notes.txt").unlink()
    run.remove(folder)
    assert not folder.exists()


def test_somebody_elses_folder_is_refused_and_left(tmp_path: Path) -> None:
    (tmp_path / "ca.key").write_text("mine")
    with pytest.raises(Failed) as refused, run.locked(tmp_path):
        run.clear(tmp_path)
    assert str(refused.value) == f"{tmp_path}: not empty, and not a control plane's; name another folder"
    assert (tmp_path / "ca.key").read_text() == "mine"


def test_a_folder_is_made_for_this_user_alone(tmp_path: Path) -> None:
    with run.locked(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700


def test_one_is_inside_at_a_time_even_when_the_folder_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    inside = threading.Event()
    names: list[str] = []

    def second() -> None:
        with run.locked(folder):
            inside.set()
            RUN.save(folder)

    with run.locked(folder):
        RUN.save(folder)
        waiting = threading.Thread(target=second)
        waiting.start()
        assert not inside.wait(0.1)
        names += [path.name for path in folder.iterdir()]
        run.remove(folder)
    waiting.join(timeout=5)
    assert inside.is_set()
    assert names == ["state.json"]
    assert run.load(folder) == RUN

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from controlplane import processes
from controlplane.failure import Failed
from controlplane.processes import Process, kill, start

SLEEP = ("/bin/sleep", "60")
COMMAND = ("/bin/sh", "-c", "echo $0 $HOME $$; exec /bin/sleep 60", "said")


@pytest.fixture(name="child")
def _child() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(SLEEP) as child:
        yield child
        child.kill()


def test_a_process_is_known_by_its_command(child: subprocess.Popen[bytes]) -> None:
    ours = Process(child.pid, SLEEP)
    assert (ours.is_alive, ours.is_gone) == (True, False)
    recycled = Process(child.pid, (SLEEP[0], "61"))
    assert (recycled.is_alive, recycled.is_gone) == (False, True)


def test_ps_tells_the_same_where_there_is_no_proc(
    child: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(processes, "PROC", tmp_path)
    script = f'[ "$*" = "-ww -o stat=,command= -p {child.pid}" ] && echo "Ss+  {" ".join(SLEEP)}"'
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "ps").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "ps").chmod(0o755)
    ours = Process(child.pid, SLEEP)
    assert (ours.is_alive, ours.is_gone) == (True, False)
    nobody = Process(child.pid + 1, SLEEP)
    assert (nobody.is_alive, nobody.is_gone) == (False, True)


def test_what_has_ended_is_gone_though_nobody_has_asked_for_its_status(child: subprocess.Popen[bytes]) -> None:
    ours = Process(child.pid, SLEEP)
    kill([ours])
    assert (ours.is_alive, ours.is_gone) == (False, True)
    assert child.wait() == -9


def test_a_pid_that_belongs_to_another_is_not_killed(child: subprocess.Popen[bytes]) -> None:
    kill([Process(child.pid, ("etcd", "60")), Process(child.pid, SLEEP[:1])])
    time.sleep(0.05)
    assert child.poll() is None


def test_one_that_stays_is_named(child: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "kill", lambda *_: None)
    with pytest.raises(Failed, match=rf"^killed, and still there after 0\.02 s: {child.pid}$"):
        kill([Process(child.pid, SLEEP)], patience=0.02)


def test_a_server_runs_in_a_session_and_an_environment_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/the/readers")
    child = start(COMMAND, tmp_path / "said.log")
    while not (tmp_path / "said.log").read_text().endswith("\n"):
        time.sleep(0.01)
    assert (tmp_path / "said.log").read_text().split() == ["said", str(child.pid)]
    assert os.getsid(child.pid) == child.pid
    child.kill()
    child.wait()

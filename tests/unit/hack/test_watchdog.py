import signal
import subprocess
import sys
import time
from pathlib import Path

from controlplane.watchdog import Watchdog

HACK = Path(__file__).resolve().parents[3] / "hack"

OWNER = """
import subprocess, sys, time
from pathlib import Path
from controlplane.watchdog import Watchdog
watchdog = Watchdog(Path(sys.argv[1]))
child = subprocess.Popen(["/bin/sleep", "60"], start_new_session=True)
watchdog.guard(child.pid)
print(child.pid, flush=True)
time.sleep(60)
"""


def test_it_removes_the_folder_when_it_is_told_to(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    (folder / "etcd").mkdir(parents=True)
    watchdog = Watchdog(folder)
    watchdog.end()
    assert not folder.exists()
    watchdog.end()


def test_it_ends_what_its_owner_cannot_end_any_more(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    command = [sys.executable, "-c", OWNER, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(HACK)}) as owner:
        pid = next(iter(owner.stdout or ()), "").strip()
        owner.send_signal(signal.SIGKILL)
    proc = Path("/proc", pid, "stat")
    deadline = time.monotonic() + 10
    while folder.exists() or (proc.exists() and ") Z " not in proc.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert pid.isdecimal()

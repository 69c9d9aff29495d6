"""`make test`: its build in the background ends when it does."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from service import ROOT, until

from tests.unit.hack.programs import program

PYTHON = """
case "$*" in
  "hack/control-plane build") echo $$ >{folder}/building; exec sleep 60 ;;
  "-m pytest")
    echo $$ >{folder}/testing
    while [ ! -s {folder}/building ]; do sleep 0.05; done
    {tests} ;;
esac
"""


def is_gone(pid: int) -> bool:
    """Whether no process has the pid."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def written(file: Path) -> int:
    """The pid in a file, as soon as it is there."""
    return int(until(lambda: file.exists() and file.read_text().strip()))


@pytest.fixture(name="make")
def _make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`make test` without lint, its Python a script."""
    (tmp_path / "bin").mkdir()
    program(tmp_path / "bin" / "python", PYTHON.format(folder=tmp_path, tests=request.param))
    command = ["make", "-o", "lint", "test", f"BIN={tmp_path / 'bin'}", f"PYTHON={tmp_path / 'bin' / 'python'}"]
    # Without what the one that runs this was given: it would count for this one too.
    outside = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "TEST_ARGS"}}
    with subprocess.Popen(command, cwd=ROOT, env=outside, stderr=subprocess.DEVNULL, process_group=0) as process:
        yield process


@pytest.mark.parametrize("make", ["exec sleep 60"], indirect=True)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_when_it_is_interrupted(make: subprocess.Popen[bytes], tmp_path: Path, number: signal.Signals) -> None:
    building, testing = written(tmp_path / "building"), written(tmp_path / "testing")
    os.killpg(make.pid, number)
    assert make.wait(20) != 0
    until(lambda: is_gone(building))
    until(lambda: is_gone(testing))


@pytest.mark.parametrize(("make", "code"), [("exit 0", 0), ("exit 1", 2)], indirect=["make"])
def test_when_the_tests_have_ended(make: subprocess.Popen[bytes], tmp_path: Path, code: int) -> None:
    building = written(tmp_path / "building")
    assert make.wait(20) == code
    assert is_gone(building)

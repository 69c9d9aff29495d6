"""`make fuzz`: what it prints, and how it fails."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service.harness import environment

ROOT = Path(__file__).resolve().parent.parent.parent


def fuzz(*arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(ROOT / "hack"), environment()["PYTHONPATH"]])
    command = [sys.executable, "-m", "fuzz", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment() | {"PYTHONPATH": path}, capture_output=True, text=True, check=False
    )


@pytest.mark.service
def test_a_campaign_reaches_everything_and_finds_nothing() -> None:
    """Reviews with a share over TLS; every outcome, and every check violated and not violated, or it would fail."""
    done = fuzz("--only", "reviews", "--count", "6000", "--seed", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("seed 1\n")
    [head] = re.findall(
        r"reviews: 6,000 in \d+ s, 30 of them over TLS as well, 0 wrong; the slowest took \d+ ms", done.stdout
    )
    assert head


@pytest.mark.service
def test_a_campaign_that_shows_nothing_fails() -> None:
    done = fuzz("--only", "texts", "--count", "1", "--seed", "1")
    assert done.returncode == 1
    assert "never reached, so nothing is shown of it: " in done.stderr


def test_replay(tmp_path: Path) -> None:
    file = tmp_path / "texts-1-1.json"
    file.write_bytes(b"a: [\n")
    done = fuzz("--replay", str(file))
    assert (done.returncode, done.stdout, done.stderr) == (0, "right: refused\n", "")


def test_a_file_that_nobody_knows(tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    done = fuzz("--replay", str(file))
    expected = f"{file}: no such file, or it is not named for one of reviews, texts, configurations\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", expected)

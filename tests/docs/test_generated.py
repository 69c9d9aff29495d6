"""What docs/ has of the code is what the code says now."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.page import ROOT


def generate(checkout: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "hack/docs", *options],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout / "app"), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for part in ("app", "docs", "hack", "policies"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_nothing_has_changed_since() -> None:
    done = generate(ROOT, "--check")
    assert (done.returncode, done.stdout) == (0, "")


def test_a_change_shows_and_is_taken_up(checkout: Path) -> None:
    policy = checkout / "policies" / "pod_security" / "privileged.py"
    policy.write_text(policy.read_text().replace("do not run privileged", "never run privileged", 1))
    (checkout / "docs" / "reference" / "policies" / "gone.md").write_text("# gone\n")
    (checkout / "docs" / "reference" / "cli.md").unlink()
    changed = ["cli.md", "policies/README.md", "policies/gone.md", "policies/privileged.md"]
    found = generate(checkout, "--check")
    names = ", ".join(["docs/reference/" + name for name in changed] + ["docs/schemas/config.json"])
    assert (found.returncode, found.stdout) == (1, f"not what the code says: {names}; run make docs\n")
    assert generate(checkout).stdout.splitlines() == [
        "wrote docs/reference/policies/privileged.md",
        "wrote docs/reference/policies/README.md",
        "wrote docs/reference/cli.md",
        "wrote docs/schemas/config.json",
        "removed docs/reference/policies/gone.md: there is no such policy",
    ]
    assert "Containers never run privileged." in (checkout / "docs/reference/policies/privileged.md").read_text()
    assert generate(checkout, "--check").returncode == 0

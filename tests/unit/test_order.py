"""Tests that need a control plane come last, whatever the order of the others."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FILES = [
    "tests/e2e/test_deploy.py",
    "tests/unit/hack/test_cluster.py",
    "tests/e2e/test_page.py",
    "tests/unit/test_order.py",
]


@pytest.mark.parametrize("order", [["-p", "no:randomly"], ["-p", "no:cacheprovider"]], ids=" ".join)
def test_they_are_collected_behind_the_others(order: list[str]) -> None:
    command = [sys.executable, "-m", "pytest", "--collect-only", "--quiet", *order, *FILES]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    collected = [line.split("/")[1] for line in told.splitlines() if line.startswith("tests/")]
    assert collected == sorted(collected, reverse=True)
    assert set(collected) == {"unit", "e2e"}

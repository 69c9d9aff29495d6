"""`gatewright --help` answers at once, and so does completion: nothing is imported that only commands need."""

import resource
from pathlib import Path

import pytest

from tests.packaging.program import Program

SLOWEST = 0.3
"""Seconds of CPU on a busy machine of any kind. .15 is what we aim at; .08 was measured, on a core of 2026."""

HEAVY = {
    "cryptography", "fastapi", "gatewright.engine", "gatewright.wiring", "kubernetes", "msgspec", "prometheus_client",
    "pydantic", "rich", "starlette", "uvicorn", "uvloop", "yaml",
}  # fmt: skip
"""What takes long to import, and what imports it."""

COERCION = {"pydantic"}
"""What typer itself parses arguments by: completion does, help does not."""


def cpu() -> float:
    """The seconds of CPU that the children have taken so far, of those that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def test_it_takes_little_time(program: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken = []
    for _ in range(5):
        before = cpu()
        assert program.run("gatewright", "--help", cwd=tmp_path).code == 0
        taken.append(cpu() - before)
    with capsys.disabled():
        print(f" gatewright --help: {min(taken):.3f} s of CPU ", end="")
    assert min(taken) < SLOWEST


COMPLETION = {"_GATEWRIGHT_COMPLETE": "complete_bash", "COMP_WORDS": "gatewright s", "COMP_CWORD": "1"}


@pytest.mark.parametrize(
    ("command", "variables", "allowed"),
    [
        (["gatewright", "--help"], {}, set()),
        (["kubectl-gatewright", "--help"], {}, set()),
        (["gatewright"], COMPLETION, COERCION),
        (["kubectl_complete-gatewright", "s"], {}, COERCION),
    ],
    ids=["help", "plugin", "completion", "completion-of-kubectl"],
)
def test_it_imports_what_it_needs(
    program: Program, tmp_path: Path, command: list[str], variables: dict[str, str], allowed: set[str]
) -> None:
    done = program.run(*command, cwd=tmp_path, PYTHONPROFILEIMPORTTIME="1", **variables)
    imported = {line.rpartition("|")[2].strip() for line in done.err.splitlines()}
    assert done.code == 0
    assert "gatewright.cli.main" in imported
    assert imported & HEAVY == allowed

from pathlib import Path

import pytest

from tests.unit.cli.invoke import PORT, ROOT, text


@pytest.fixture(autouse=True)
def _pod_security_alone(small_catalogue: None) -> None:
    """What is tested is the command line, whatever the catalogue has."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a folder with two offenders and a clean Pod, so that outputs name short paths."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "port.json").write_text(text(PORT))
    (tmp_path / "root.json").write_text(text(ROOT))
    return tmp_path

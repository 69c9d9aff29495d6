"""What a release is made of, and made into: the sdist, the wheel that is built from it, and what pip makes of that."""

import sys
import tarfile
from pathlib import Path

import pytest

from tests.packaging.program import Program, call

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="session")
def unpacked(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    [top] = folder.iterdir()
    return top


@pytest.fixture(scope="session")
def wheel(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built("wheel", unpacked, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The wheel installed into a folder of its own, beside what is installed here."""
    folder = tmp_path_factory.mktemp("site")
    call(sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", folder, wheel, cwd=folder)
    return Program(folder / "bin", {"PYTHONPATH": str(folder)})


def _built(kind: str, source: Path, folder: Path) -> Path:
    call(sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", folder, cwd=source)
    [file] = folder.iterdir()
    return file

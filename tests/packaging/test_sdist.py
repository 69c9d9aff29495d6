"""An sdist holds what the wheel is made of, and makes the same wheel as the checkout does."""

import sys
import tarfile
import zipfile
from pathlib import Path

from tests.packaging.conftest import ROOT
from tests.packaging.program import call

OWN = {".gitignore", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml"}
"""What hatchling adds: what it reads itself, and what pyproject.toml names."""


def test_it_holds_the_sources_and_nothing_else(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        members = archive.getmembers()
    assert all(member.isfile() for member in members)
    found = {"/".join(Path(member.name).parts[1:]) for member in members}
    sources = {
        str(file.relative_to(ROOT))
        for folder in ("app/gatewright", "policies")
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert found == sources | OWN


def test_it_makes_the_wheel_that_the_checkout_makes(wheel: Path, tmp_path: Path) -> None:
    call(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=ROOT)
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()


def test_the_wheel_brings_the_policies_and_nothing_of_the_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    folders = {name.split("/")[0] for name in names}
    assert {"gatewright", *(folder for folder in folders if folder.endswith(".dist-info"))} == folders
    carried = [file for pattern in ("*.py", "*.yaml") for file in (ROOT / "policies").rglob(pattern)]
    assert {f"gatewright/{file.relative_to(ROOT)}" for file in carried} | {"gatewright/py.typed"} <= names

"""A catalogue of the pod-security policies alone: for tests of what is around policies, and not of the catalogue.

With the one policy that they silence, which every profile has off.
"""

import shutil
from pathlib import Path

import pytest
import yaml

from gatewright.engine import catalog

SUBJECT, SILENCED = "pod_security", Path("pods/drop_all_capabilities.py")


def pod_security_alone(folder: Path) -> Path:
    """A folder of policies made in another one: those of pod security, and what the profiles say of them."""
    whole = catalog.built_in()
    ids = {file.stem.replace("_", "-") for file in (whole / SUBJECT).glob("*.py")} | {f"{SUBJECT}/*"}
    shutil.copytree(whole / SUBJECT, folder / SUBJECT, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / SILENCED.parent).mkdir()
    shutil.copy(whole / SILENCED, folder / SILENCED)
    (folder / "profiles").mkdir()
    for file in (whole / "profiles").glob("*.yaml"):
        profile = yaml.safe_load(file.read_text())
        policies = {id_: mode for id_, mode in profile["policies"].items() if id_ in ids}
        kept = {key: value for key, value in profile.items() if key != "overrides"} | {"policies": policies}
        (folder / "profiles" / file.name).write_text(yaml.safe_dump(kept))
    return folder


@pytest.fixture(scope="session")
def pod_security_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Such a folder."""
    return pod_security_alone(tmp_path_factory.mktemp("policies"))


@pytest.fixture
def small_catalogue(pod_security_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is built in is that folder."""
    monkeypatch.setattr(catalog, "built_in", lambda: pod_security_folder)

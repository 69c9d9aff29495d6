"""What docs/cluster.md shows is what a real API server answers."""

import shutil
from pathlib import Path

import pytest
from controlplane import ControlPlane

from tests.docs.page import ROOT, blocks
from tests.docs.shell import shell
from tests.docs.test_pages import ON_A_CLUSTER

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket]


def test_what_the_page_shows_is_what_happens(tmp_path: Path) -> None:
    with ControlPlane() as plane, shell(tmp_path, ROOT) as opened:
        shutil.copytree(ROOT / "deploy", tmp_path / "page" / "deploy")
        opened.add(plane.program, **plane.environment)
        for block in blocks((ROOT / ON_A_CLUSTER).read_text()):
            opened.run(block)

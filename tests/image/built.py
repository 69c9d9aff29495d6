"""The image under test: built once a session, read from its archive, unpacked for those that start it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from functools import cached_property
from pathlib import Path
from tarfile import TarInfo
from typing import Any

from container import storage
from container.archive import Archive

ROOT = Path(__file__).parent.parent.parent
SOURCE = "https://git.example/gatewright"
SITE = Path("opt/gatewright/lib/python3.13/site-packages")


@dataclass(frozen=True)
class Image:
    """An image, and what was said as it was built."""

    archive: Archive
    bill: dict[str, Any]
    root: Path
    told: str

    @cached_property
    def members(self) -> dict[str, TarInfo]:
        """Files, folders and links by their path."""
        return {member.name: member for member in self.archive.members()}

    def packages(self) -> dict[str, Message]:
        """The metadata of the Python packages in it, by their folder."""
        found = (self.root / SITE).glob("*.dist-info/METADATA")
        return {file.parent.name: HeaderParser().parsestr(file.read_text()) for file in found}

    def debian(self) -> list[Message]:
        """The Debian packages that it names to scanners."""
        folder = self.root / "var/lib/dpkg/status.d"
        return [HeaderParser().parsestr(file.read_text()) for file in folder.iterdir()]


@contextmanager
def built(folder: Path) -> Iterator[Image]:
    """The image, built of this checkout on a base of Debian packages.

    Raises:
        Failed: a program for that, or for starting it, is missing.
    """
    storage.require("buildah", "debootstrap", "runc")
    dist, root = folder / "dist", folder / "root"
    command = [sys.executable, "hack/image", "--debootstrap", "--output", str(dist), "--source", SOURCE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    [file], [bill] = dist.glob("*.oci.tar"), dist.glob("*.cdx.json")
    archive = Archive(file)
    archive.unpack(root)
    try:
        yield Image(archive, json.loads(bill.read_text()), root, done.stdout)
    finally:
        shutil.rmtree(root)

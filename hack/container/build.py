"""The image, built from the Dockerfile by buildah, and its bill of materials beside it."""

import os
import re
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from container import BILL, pip, storage
from container.archive import Archive
from container.failure import Failed

TOP = Path(__file__).resolve().parents[2]
NAME = "gatewright"


def build(base: str, source: str, folder: Path) -> tuple[Path, Path]:
    """The image in a file, and its bill of materials.

    Args:
        base: an image with Python, as buildah finds it.
        source: the address of the sources, for the image's labels.
        folder: gets both.

    Raises:
        Failed: it could not be built.
    """
    storage.require("buildah")
    folder.mkdir(parents=True, exist_ok=True)
    version, epoch = _version(), _epoch()
    stem = f"{NAME}-{version}"
    arguments = {
        "BASE": base,
        "VERSION": version,
        "REVISION": _revision(),
        "SOURCE": source,
        "CREATED": datetime.fromtimestamp(epoch, UTC).isoformat(),
    }
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        made = storage.shown(
            "build", "--isolation", "chroot", "--layers=false", "--timestamp", str(epoch),
            *pip.secrets(scratch, pip.config()),
            *(f"--build-arg={key}={value}" for key, value in arguments.items()),
            "--iidfile", scratch / "id", "--file", TOP / "Dockerfile", TOP,
        )  # fmt: skip
        if not made:
            raise Failed(
                f"buildah could not build it on {base}; what it said is above. Where no registry is reachable, "
                "--debootstrap makes a base out of Debian packages"
            )
        image = (scratch / "id").read_text()
        try:
            archive = folder / f"{stem}.oci.tar"
            archive.unlink(missing_ok=True)
            storage.told("push", "--quiet", image, f"oci-archive:{archive}:{NAME}:{version}")
        finally:
            storage.told("rmi", image)
    bill = folder / f"{stem}.cdx.json"
    bill.write_bytes(Archive(archive).read(BILL))
    return archive, bill


def _version() -> str:
    [version] = re.findall(r'^__version__ = "(.+)"$', (TOP / "app/gatewright/__init__.py").read_text(), re.M)
    return str(version)


def _epoch() -> int:
    """The time that the image carries: the commit's, so that the same sources make the same image."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or _git("log", "-1", "--format=%ct") or time.time())


def _revision() -> str:
    """The commit, and whether the sources are still its; empty outside a repository."""
    changed = _git("status", "--porcelain")
    return _git("rev-parse", "HEAD") + ("-dirty" if changed else "")


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(TOP), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""

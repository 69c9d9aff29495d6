"""A base out of Debian packages, for where no registry is reachable: made once, kept in the storage."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from cache import filling

from container import storage
from container.failure import Failed

SUITE = "trixie"
PACKAGES = ("ca-certificates", "python3", "python3-venv")
NAME = f"localhost/gatewright-base:{hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]}"
"""Another recipe is another base."""


def debian() -> str:
    """The base's name in the storage.

    Raises:
        Failed: it could not be made.
    """
    storage.require("buildah", "debootstrap")
    if os.geteuid() != 0:
        raise Failed("a base out of Debian packages needs root: debootstrap makes devices and other users' files")
    with filling("image/base", Path(__file__)) as (_, empty):
        if empty or not storage.told("images", "--quiet", "--filter", f"reference={NAME}"):
            print(f"making a base of Debian {SUITE} in {storage.FOLDER} (once, about a minute)", file=sys.stderr)
            _make()
    return NAME


def _make() -> None:
    container = storage.told("from", "scratch")
    try:
        root = storage.told("mount", container)
        made = ["debootstrap", "--force-check-gpg", "--variant=minbase", f"--include={','.join(PACKAGES)}", SUITE, root]
        for command in (made, ["chroot", root, "apt-get", "clean"]):
            if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
                raise Failed(f"{command[0]} has failed; what it said is above")
        storage.told("commit", "--quiet", container, NAME)
    finally:
        storage.told("rm", container)

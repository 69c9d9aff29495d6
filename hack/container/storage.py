"""Images on this machine, in a storage of our own: buildah without a daemon, and without what else it may have."""

import shutil
import subprocess
import sys
from pathlib import Path

from cache import ROOT

from container.failure import Failed

FOLDER = ROOT / "image"
_BUILDAH = (
    "buildah", "--storage-driver", "vfs",  # works on every file system, in a container too
    "--root", str(FOLDER / "storage"), "--runroot", str(FOLDER / "run"),
)  # fmt: skip


def require(*programs: str) -> None:
    """Raises Failed unless programs are on the PATH."""
    if missing := " ".join(program for program in programs if not shutil.which(program)):
        raise Failed(f"{missing}: not on the PATH; on Debian and Ubuntu: apt-get install {missing}")


def told(*arguments: str | Path) -> str:
    """What buildah prints.

    Raises:
        Failed: it could not do it.
    """
    done = subprocess.run([*_BUILDAH, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"buildah {arguments[0]}: {done.stderr.strip()}")
    return done.stdout.strip()


def shown(*arguments: str | Path) -> bool:
    """Whether buildah does it; what it says is for whoever watches."""
    return subprocess.run([*_BUILDAH, *arguments], stdout=sys.stderr, check=False).returncode == 0

"""What the scripts here fetch or unpack: made once, kept in the user's cache, named by the digest of its source."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gatewright"


@contextmanager
def filling(kind: str, source: Path) -> Iterator[tuple[Path, bool]]:
    """The folder of a kind that is made of a file, and whether it is still to be filled.

    One process at a time is inside; a folder counts as filled when a block that had to fill it has ended without error.
    """
    folder = ROOT / kind / hashlib.sha256(source.read_bytes()).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    filled = folder.with_suffix(".filled")
    with folder.with_suffix(".busy").open("w") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)
        yield folder, not filled.exists()
        filled.touch()


def locked_venv(kind: str, lock: Path) -> Path:
    """A virtualenv of exactly what a lock file names.

    Raises:
        SystemExit: it could not be made; what failed has said why.
    """
    with filling(kind, lock) as (folder, empty):
        if empty:
            print(f"installing {lock.name} into {folder} (once)", file=sys.stderr)
            _run(sys.executable, "-m", "venv", "--clear", str(folder))
            pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            # No sdists: they would bring build requirements that no hash covers.
            _run(*pip, "--no-deps", "--require-hashes", "--only-binary", ":all:", "--requirement", str(lock))
    return folder


def _run(*command: str) -> None:
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
        sys.exit(f"failed: {' '.join(command)}")

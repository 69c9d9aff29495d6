"""What the image leaves out, though the base or the lock has it. tests/image tells what more, or less, could go."""

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

AIO = (
    "aiohappyeyeballs", "aiohttp", "aiohttp-retry", "aiosignal", "attrs", "frozenlist", "multidict", "propcache",
    "yarl",
)  # fmt: skip
"""The asynchronous half of the official client, kubernetes/aio, is as large as all else, and we use the other."""

DISTRIBUTIONS = {
    **dict.fromkeys(AIO, "only kubernetes/aio imports it"),
    "h11": "uvicorn's other HTTP parser; ours is httptools",
    "markdown-it-py": "rich renders Markdown with it; we have none",
    "mdurl": "markdown-it-py's",
    "pycparser": "cffi reads C with it, when something is compiled",
    "pygments": "rich colours source code with it; we show none",
    "tzdata": "named time zones; ours are UTC or an offset",
}
"""Packages of the lock that nobody imports, with why they are there."""

PACKAGES = ("kubernetes/aio", "*/tests", "*.pyi", "*.pyx", "*.pxd", "*.c", "*.h")
"""Below site-packages: what is left of them at run time; sources and stubs of compiled modules."""

STANDARD = (
    # another program's: installers, editors, a database, a terminal that we do not write to, another system's
    "ensurepip", "venv", "idlelib", "tkinter", "turtle.py", "turtledemo", "pydoc_data", "lib2to3",
    "sqlite3", "dbm", "curses", "config-*", "ctypes/macholib",
    "lib-dynload/_sqlite3.*", "lib-dynload/_dbm.*", "lib-dynload/_gdbm.*", "lib-dynload/_curses*",
    "lib-dynload/_tkinter.*", "lib-dynload/readline.*",
    # the interpreter's tests of itself
    "test", "*/test", "*/tests", "__phello__", "lib-dynload/_test*", "lib-dynload/_xxtest*",
    "lib-dynload/_ctypes_test.*", "lib-dynload/xx*",
    # the base's own packages, and what it runs at every start
    "site-packages", "dist-packages", "sitecustomize.py", "EXTERNALLY-MANAGED",
)  # fmt: skip
"""Below the standard library's folder."""

ALWAYS = ("__pycache__", "*/__pycache__")
"""Compiled files are made afresh."""


def used(folder: Path, unused: tuple[str, ...]) -> Iterator[Path]:
    """The files below a folder, relative to it, in order, without what fits a glob or lies in a folder that does."""
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder)
        if file.is_file() and not any(_fits(part, unused) for part in (path, *path.parents)):
            yield path


def _fits(path: Path, globs: tuple[str, ...]) -> bool:
    return any(fnmatch(str(path), glob) for glob in (*globs, *ALWAYS))


if __name__ == "__main__":
    print(*DISTRIBUTIONS)

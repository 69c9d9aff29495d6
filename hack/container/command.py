"""The command line: what `hack/image` does."""

import argparse
import json
import os
import sys
from pathlib import Path

from container import base, build
from container.archive import Archive
from container.failure import Failed

PROGRAM = "hack/image"
BASE = "python:3.13-slim"


def main(arguments: list[str]) -> int:
    """Builds what the arguments say; the exit status."""
    asked = _parser().parse_args(arguments)
    try:
        archive, bill = build.build(base.debian() if asked.debootstrap else asked.base, asked.source, asked.output)
    except Failed as failed:
        print(f"{PROGRAM}: {failed}", file=sys.stderr)
        return 1
    print(describe(archive, bill))
    return 0


def describe(archive: Path, bill: Path) -> str:
    """What was built."""
    image = Archive(archive)
    files = [member for member in image.members() if member.isfile()]
    system = f"{image.config['os']}/{image.config['architecture']}"
    components = json.loads(bill.read_text())["components"]
    return (
        f"{os.path.relpath(archive)}: {image.name} for {system}, {megabytes(image.size)} compressed, "
        f"{megabytes(sum(file.size for file in files))} unpacked, {len(files):,} files\n"
        f"{os.path.relpath(bill)}: what it is made of, {len(components)} components"
    )


def megabytes(size: int) -> str:
    """A size, in millions of bytes."""
    return f"{size / 1e6:.1f} MB"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Builds the image without a daemon, by buildah, and its bill of materials beside it.",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--base", default=BASE, metavar="IMAGE", help="what it is built on (default: %(default)s)")
    which.add_argument(
        "--debootstrap", action="store_true", help="make the base out of Debian packages, once; needs root"
    )
    parser.add_argument("--source", default="", metavar="URL", help="where the sources are, for the image's labels")
    parser.add_argument("--output", type=Path, default=Path("dist"), metavar="DIR", help="(default: %(default)s)")
    return parser

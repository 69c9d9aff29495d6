"""Programs that stand in for real ones."""

from pathlib import Path


def program(path: Path, script: str = "exit 0") -> Path:
    """A shell script that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path

"""Go modules of upstream, where Go keeps them; fetched where they are missing."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

HACK = Path(__file__).resolve().parent


def downloaded(*modules: str, within: Path | None = None) -> list[dict[str, Any]]:
    """What Go tells of modules: `Dir` and `Version` of each. Those without a version are of the go.mod in a folder."""
    go = subprocess.run([sys.executable, HACK / "go"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    command = [go, "mod", "download", "-json", *modules]
    told = subprocess.run(command, cwd=within, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [json.loads(one) for one in re.split(r"(?<=^\})\n", told, flags=re.MULTILINE) if one]

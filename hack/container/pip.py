"""How pip on this machine reaches an index, lent to the build: an index of one's own, a proxy, a certificate."""

import ast
import configparser
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

KEYS = ("index-url", "extra-index-url", "trusted-host", "proxy", "timeout", "default-timeout", "retries", "cert")
CERTIFICATES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Variables that name certificates to trust, besides pip's own."""

INSIDE = "/run/ca.crt"
"""Where the Dockerfile has them."""

_LINE = re.compile(r"^(?P<section>global|install|:env:)\.(?P<key>[\w-]+)=(?P<value>.+)$", re.M)


def secrets(folder: Path, listed: str, environment: Mapping[str, str] = os.environ) -> list[str]:
    """Options for a build that lend it those settings; what they refer to is written into a folder.

    Args:
        folder: gets the files.
        listed: what `pip config list` prints, later sections before which earlier ones give way.
        environment: the variables of this process.
    """
    found = {match["key"]: str(ast.literal_eval(match["value"])) for match in _LINE.finditer(listed)}
    settings = {key: found[key] for key in KEYS if key in found}
    trusted = settings.pop("cert", None) or next(filter(None, map(environment.get, CERTIFICATES)), None)
    options = []
    if trusted:
        settings["cert"] = INSIDE
        options += ["--secret", f"id=ca.crt,src={trusted}"]
    if settings:
        config = configparser.RawConfigParser()
        config["global"] = settings
        with (folder / "pip.conf").open("w") as file:
            config.write(file)
        options += ["--secret", f"id=pip.conf,src={folder / 'pip.conf'}"]
    return options


def config() -> str:
    """What `pip config list` prints; nothing where there is no pip."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return "\n".join(sorted(done.stdout.splitlines(), key=lambda line: line.startswith(":env:")))

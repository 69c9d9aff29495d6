"""What `review --server` refuses before it asks anybody. What it does with an answer: tests/service."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.invoke import PORT, run
from tests.unit.webhook.builders import request

URL = "https://127.0.0.1:8443"


@pytest.fixture(autouse=True)
def _review(folder: Path) -> None:
    (folder / "review").write_text(json.dumps(request(object=PORT)))
    (folder / "c.yaml").write_text("{}")


@pytest.mark.parametrize(
    "options",
    [
        ["--only", "host-ports"],
        ["--config", "c.yaml"],
        ["-c", "none"],
        ["--profile", "strict"],
        ["--manifests", "port.json"],
        ["--only", "host-ports", "--profile", "strict"],
    ],
    ids=" ".join,
)
def test_it_judges_by_its_own_configuration(options: list[str]) -> None:
    error = "--server judges by its own configuration: leave --only, --config, --profile and --manifests out"
    assert run("review", "review", "--server", URL, *options) == (2, "", f"error: {error}\n")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:8443", "must be https://HOST[:PORT][/PATH]"),
        ("127.0.0.1:8443", "must be https://HOST[:PORT][/PATH]"),
        ("https://", "must be https://HOST[:PORT][/PATH]"),
        ("https:///validate", "must be https://HOST[:PORT][/PATH]"),
        ("https://localhost:port", "Port could not be cast to integer value as 'port'"),
        ("https://localhost:99999", "Port out of range 0-65535"),
        ("https://[::1", "Invalid IPv6 URL"),
    ],
)
def test_an_url_that_is_none(url: str, reason: str) -> None:
    assert run("review", "review", "--server", url) == (2, "", f"error: --server {url}: {reason}\n")


def test_a_certificate_that_does_not_exist() -> None:
    ran = run("review", "review", "--server", URL, "--ca", "ca.crt")
    assert ran == (2, "", "error: --ca ca.crt: No such file or directory\n")


def test_a_certificate_that_is_a_folder(folder: Path) -> None:
    (folder / "certs").mkdir()
    ran = run("review", "review", "--server", URL, "--ca", "certs")
    assert ran == (2, "", "error: --ca certs: Is a directory\n")


def test_a_certificate_that_is_none() -> None:
    code, out, err = run("review", "review", "--server", URL, "--ca", "c.yaml")
    assert (code, out) == (2, "")
    reason = err.partition(" (_ssl.c:")[0]  # the rest is a line of Python's own source
    assert reason == "error: --ca c.yaml: [X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found"

"""Every page's commands print what the page says, and every example is a file that the commands read."""

import shutil
import socket
from contextlib import closing
from pathlib import Path

import pytest

from tests.docs.page import ROOT, Block, blocks, pages
from tests.docs.shell import shell

PORTS = ("8443", "8080")
"""The ports that pages name."""

NOT_RUN = 4
"""Blocks that nothing here can run: a cluster, a clone. More would be pages that nobody holds to their word."""

ON_A_CLUSTER = Path("docs/cluster.md")
"""The page whose commands a real API server answers: tests/e2e runs it."""

EXAMPLES = {"console", "yaml", "json", "python"}
"""Languages in which a page shows what works. `text` shows what something looks like."""


def of(page: Path) -> list[Block]:
    return list(blocks((ROOT / page).read_text()))


def serves(page: Path) -> bool:
    return any(
        command.is_background or command.text.startswith("make run")
        for block in of(page)
        if block.language == "console" and "not run" not in block.attributes
        for command in block.commands
    )


def marked(page: Path) -> object:
    marks = [pytest.mark.service, pytest.mark.enable_socket] if serves(page) else []
    return pytest.param(page, id=str(page), marks=marks)


def free_port() -> str:
    with closing(socket.create_server(("127.0.0.1", 0))) as bound:
        return str(bound.getsockname()[1])


def checkout_for(page: Path, scratch: Path) -> Path:
    """The checkout in which `make` runs; CONTRIBUTING changes it, so that page has a copy, and is at home in it."""
    if page != Path("CONTRIBUTING.md"):
        return ROOT
    copy = scratch / "page"
    for part in ("app", "docs", "hack", "policies", "requirements", "tests/policies"):
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, copy)
    return copy


@pytest.mark.parametrize("page", [marked(page) for page in pages() if page != ON_A_CLUSTER])
def test_what_a_page_shows_is_what_happens(page: Path, tmp_path: Path) -> None:
    shown = [block for block in of(page) if "not run" not in block.attributes]
    ports = {port: free_port() for port in PORTS} if serves(page) else {}
    with shell(tmp_path, checkout_for(page, tmp_path), ports) as opened:
        for block in shown:
            opened.run(block)


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_example_is_run_or_read(page: Path) -> None:
    idle = [
        f"{page}:{block.line}"
        for block in of(page)
        if block.language in EXAMPLES
        and block.language != "console"
        and not block.attributes.keys() & {"file", "log", "not run"}
    ]
    assert idle == []
    unnamed = [f"{page}:{block.line}" for block in of(page) if not block.language]
    assert unnamed == []


@pytest.mark.parametrize("page", pages(), ids=str)
def test_a_reader_is_told_the_name_of_each_file(page: Path) -> None:
    text = (ROOT / page).read_text()
    named = {block.attributes["file"] for block in of(page) if "file" in block.attributes}
    prose = "".join(text.split("```")[::2])
    console = "".join(block.text for block in of(page) if block.language == "console")
    assert {file for file in named if file not in prose.replace(f"file: {file}", "") + console} == set()


def test_few_blocks_are_not_run_and_each_has_a_reason() -> None:
    reasons = {
        f"{page}:{block.line}": block.attributes["not run"]
        for page in pages()
        for block in of(page)
        if "not run" in block.attributes
    }
    assert len(reasons) <= NOT_RUN
    assert [place for place, reason in reasons.items() if len(reason.split()) < 3] == []

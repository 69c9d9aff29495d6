"""Every link within the repository leads somewhere."""

import re
from pathlib import Path

import pytest

from tests.docs.page import ROOT, pages

LINK = re.compile(r"\[[^\]]*\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
PAGES = [*pages(), Path("SECURITY.md"), Path("CHANGELOG.md")]


def prose(page: Path) -> str:
    """A page without its blocks and its code."""
    text = "".join((ROOT / page).read_text().split("```")[::2])
    return re.sub(r"`[^`\n]*`", lambda code: code[0].replace("[", "("), text)


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", "".join((ROOT / page).read_text().split("```")[::2]), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(page: Path) -> list[str]:
    found = []
    for path, anchor in LINK.findall(prose(page)):
        target = (ROOT / page.parent / path).resolve() if path else ROOT / page
        if not target.exists() or not target.is_relative_to(ROOT):
            found.append(path)
        elif anchor and anchor not in anchors(target.relative_to(ROOT)):
            found.append(f"{path}#{anchor}")
    return found


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_of(page: Path) -> None:
    assert broken(page) == []


def test_pages_of_docs_are_linked_from_another_page() -> None:
    linked = {
        (ROOT / page.parent / path).resolve()
        for page in PAGES
        for path, _ in LINK.findall(prose(page))
        if path and (ROOT / page.parent / path).resolve() != ROOT / page
    }
    assert [str(page) for page in pages() if page.parts[0] == "docs" and ROOT / page not in linked] == []

"""What runs the pages finds out where a page is wrong."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.page import ROOT, Command, blocks, pattern
from tests.docs.shell import Differs, Shell, shell

PAGE = """
Text, and `code`.

<!-- file: k8s/web.yaml -->
```yaml
kind: Pod
```

- In a list:

  <!-- exit: 1 -->
  ```console
  $ cat k8s/web.yaml
  kind: Pod
  $ grep -q \\
    Service k8s/web.yaml
  ```

<!-- not run: there is no cluster -->
```console
$ kubectl get pods
```
"""


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Shell]:
    with shell(tmp_path, ROOT) as one:
        yield one


def run(opened: Shell, text: str) -> None:
    for block in blocks(text):
        opened.run(block)


def test_a_page_is_blocks_with_what_stands_above_them() -> None:
    found = list(blocks(PAGE))
    assert [(block.language, block.line, block.attributes) for block in found] == [
        ("yaml", 5, {"file": "k8s/web.yaml"}),
        ("console", 12, {"exit": "1"}),
        ("console", 20, {"not run": "there is no cluster"}),
    ]
    assert found[1].commands == [
        Command("cat k8s/web.yaml", "kind: Pod\n"),
        Command("grep -q \\\n  Service k8s/web.yaml", ""),
    ]


def test_a_page_that_is_right(opened: Shell) -> None:
    run(opened, PAGE.partition("<!-- not run")[0])


@pytest.mark.parametrize(
    ("shown", "printed", "fits"),
    [
        ("", "", True),
        ("", "a\n", False),
        ("a\n", "a\n", True),
        ("a\n", "a\nb\n", False),
        ("a\nb\n", "a\n", False),
        ("a.c\n", "abc\n", False),
        ("a\n…\nz\n", "a\nz\n", True),
        ("a\n…\nz\n", "a\nb\nc\nz\n", True),
        ("a\n…\nz\n", "a\nb\n", False),
        ("took … s\n", "took 1.5 s\n", True),
        ("took … s\n", "took 1\n5 s\n", False),
    ],
)
def test_an_output_is_compared_whole(shown: str, printed: str, fits: bool) -> None:
    assert bool(pattern(shown).fullmatch(printed)) is fits


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("```console\n$ echo a\nb\n```", "$ echo a\nprinted\na\n\nand not\nb\n"),
        ("```console\n$ echo a; echo b >&2\na\n```", "$ echo a; echo b >&2\nprinted\na\nb\n\nand not\na\n"),
        ("```console\n$ false\n```", "$ false\nended with 1, not 0; it printed\n"),
        ("<!-- exit: 2 -->\n```console\n$ false\n```", "$ false\nended with 1, not 2; it printed\n"),
        ("<!-- exit: 1 -->\n```console\n$ false\n$ false\n```", "$ false\nended with 1, not 0; it printed\n"),
        ("```console\n$ gatewright --version\n```", "$ gatewright --version\nprinted\ngatewright "),
    ],
)
def test_a_page_that_is_wrong(opened: Shell, text: str, why: str) -> None:
    with pytest.raises(Differs, match=re.escape(why)):
        run(opened, text)


def test_output_without_a_command_is_refused() -> None:
    (block,) = blocks("```console\nhello\n```")
    with pytest.raises(IndexError):
        block.commands  # noqa: B018  # a property that raises


def test_a_program_in_the_background(opened: Shell) -> None:
    run(
        opened,
        """
```console
$ echo ready; echo first; sleep 0.2; echo second &
ready
```

<!-- log -->
```text
first
```
""",
    )
    with pytest.raises(Differs, match="the program in the background\nprinted\nsecond\n\nand not\nthird\n"):
        run(opened, "<!-- log -->\n```text\nthird\n```")


def test_a_program_that_is_not_ready_as_it_is_said_to_be(opened: Shell) -> None:
    with pytest.raises(Differs, match=re.escape("$ echo broken &\nprinted\nbroken\n\nand not\nready\n")):
        run(opened, "```console\n$ echo broken &\nready\n```")


def test_ports_that_a_page_names_are_free_ones_here(tmp_path: Path) -> None:
    with shell(tmp_path, ROOT, {"8443": "40123"}) as opened:
        run(opened, "```console\n$ echo 127.0.0.1:8443 | tr 4 5\n127.0.0.1:50123\n$ echo 8443\n8443\n```")

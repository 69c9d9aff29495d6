"""A Markdown page as a sequence of blocks: what a reader would type, write into a file, and see."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ANY = "…"
"""In an output: any lines where it stands alone on one, else any characters of its line."""

_FENCE = re.compile(r"(?P<indent> *)```(?P<language>[\w-]*)$")
_ATTRIBUTE = re.compile(r" *<!-- (?P<key>exit|file|log|not run)(?:: (?P<value>.+?))? -->$")


@dataclass(frozen=True)
class Command:
    """A command of a console block, and what it is said to print."""

    text: str
    output: str

    @property
    def is_background(self) -> bool:
        """Whether the reader goes on while it runs: the shell does not wait for it, or it ends by Ctrl-C."""
        return self.text.endswith(" &") or self.text == "make run"


@dataclass(frozen=True)
class Block:
    """A fenced block, with the comments directly above it."""

    language: str
    text: str
    line: int
    attributes: dict[str, str]

    @cached_property
    def commands(self) -> list[Command]:
        """The commands of a console block: a line that begins with `$ `, its continuations, then the output."""
        commands: list[Command] = []
        lines = iter(self.text.splitlines())
        for line in lines:
            if line.startswith("$ "):
                command = line[2:]
                while command.endswith("\\"):
                    command += "\n" + next(lines)
                commands.append(Command(command, ""))
            else:
                known = commands.pop()  # a block that does not begin with a command is refused here
                commands.append(Command(known.text, f"{known.output}{line}\n"))
        return commands

    @property
    def exit_code(self) -> int:
        """Of the block's last command; the others end with 0."""
        return int(self.attributes.get("exit", 0))


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page."""
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        fence = _FENCE.match(lines[number])
        number += 1
        if not fence:
            continue
        first, indent = number, len(fence["indent"])
        while lines[number].strip() != "```":
            number += 1
        body = "".join(f"{line[indent:]}\n" for line in lines[first:number])
        yield Block(fence["language"], body, first, _attributes(lines, first - 2))
        number += 1


def _attributes(lines: list[str], above: int) -> dict[str, str]:
    found: dict[str, str] = {}
    while above >= 0 and (attribute := _ATTRIBUTE.match(lines[above])):
        found[attribute["key"]] = attribute["value"] or ""
        above -= 1
    return found


def pages() -> list[Path]:
    """Every page, relative to the checkout."""
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    return sorted(file.relative_to(ROOT) for file in found)


def pattern(output: str) -> re.Pattern[str]:
    """What an output on a page stands for."""
    parts = [
        r"(?:.*\n)*?" if line.strip() == ANY else re.escape(line).replace(re.escape(ANY), ".*") + r"\n"
        for line in output.splitlines()
    ]
    return re.compile("".join(parts))

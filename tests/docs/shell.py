"""A shell in a scratch directory, in which the commands of one page run as a reader would run them."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.docs.page import Block, Command, pattern

PATIENCE = 60.0
"""Seconds for one command, or for what a program in the background is said to print."""

BIN = Path(sys.executable).parent
MAKE = shutil.which("make")


class Differs(AssertionError):
    """A page says otherwise than what happens."""


class Background:
    """A program that goes on while other commands run."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: list[str] = []
        self._seen = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.append(line)

    def prints(self, output: str) -> bool:
        """Whether it prints the whole of an output after what it was found to have printed before."""
        expected, until = pattern(output), time.monotonic() + PATIENCE
        while time.monotonic() < until:
            unseen = "".join(self._lines[self._seen :])
            if match := expected.match(unseen):
                self._seen += match[0].count("\n")
                return True
            if not self._reader.is_alive() and unseen == "".join(self._lines[self._seen :]):
                return False
            time.sleep(0.05)
        return False

    @property
    def unseen(self) -> str:
        """What it printed since."""
        return "".join(self._lines[self._seen :])

    def end(self) -> None:
        """Ends it as Ctrl-C would."""
        os.killpg(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(PATIENCE)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
            self._reader.join()
            if self.process.stdout is not None:
                self.process.stdout.close()


class Shell:
    """Runs the blocks of a page. A program that is started in the background ends where another one is.

    `ports` are those that a page names, each with a free one that is used in its stead.
    """

    def __init__(self, scratch: Path, checkout: Path, ports: dict[str, str] | None = None) -> None:
        self._directory = scratch / "page"
        self._directory.mkdir(exist_ok=True)
        self._checkout = checkout
        self._ports = ports or {}
        self._background: Background | None = None
        programs = scratch / "bin"
        programs.mkdir()
        _program(programs / "gatewright", sys.executable, "from gatewright.cli import main\n\nmain()")
        # The virtualenv that the tests run in is as good as the one that make would make.
        _program(programs / "make", "/bin/sh", f'exec {MAKE} -o .venv/run -o .venv/dev BIN={BIN} "$@"')
        # What a reader has, and none of what a test run or a CI service adds to it.
        self._environment = {
            "PATH": f"{programs}:{BIN}:{os.environ['PATH']}",
            "HOME": str(scratch),
            "LANG": "C.UTF-8",
            "COLUMNS": "80",
            "PYTHONPATH": str(checkout / "app"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def add(self, program: Path, **environment: str) -> None:
        """Puts another program on the PATH, with what it needs to know."""
        self._environment |= {"PATH": f"{program.parent}:{self._environment['PATH']}", **environment}

    def run(self, block: Block) -> None:
        """Runs a block, or writes it to its file.

        Raises:
            Differs: an output or an exit code is not what the page says.
        """
        if "file" in block.attributes:
            file = self._directory / block.attributes["file"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text)
        elif "log" in block.attributes:
            self._await(block.text, "the program in the background")
        elif block.language == "console":
            for number, command in enumerate(block.commands, 1):
                self._command(command, block.exit_code if number == len(block.commands) else 0)

    def _command(self, command: Command, exit_code: int) -> None:
        if command.is_background:
            self._start(command)
            return
        done = subprocess.run(
            ["/bin/bash", "-c", self._here(command.text)],
            cwd=self._place(command),
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        printed = self._there(done.stdout)
        if printed and not printed.endswith("\n"):
            printed += "\n"  # curl ends where the answer does
        if done.returncode != exit_code:
            raise Differs(f"$ {command.text}\nended with {done.returncode}, not {exit_code}; it printed\n{printed}")
        if not pattern(command.output).fullmatch(printed):
            raise Differs(f"$ {command.text}\nprinted\n{printed}\nand not\n{command.output}")

    def _start(self, command: Command) -> None:
        self.end()
        assert command.output, "what it prints when it is ready tells when to go on"
        process = subprocess.Popen(
            ["/bin/bash", "-c", self._here(command.text).removesuffix("&")],
            cwd=self._place(command),
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._background = Background(process)
        self._await(command.output, f"$ {command.text}")

    def _await(self, output: str, what: str) -> None:
        assert self._background is not None, "nothing runs in the background"
        if not self._background.prints(self._here(output)):
            raise Differs(f"{what}\nprinted\n{self._there(self._background.unseen)}\nand not\n{output}")

    def _place(self, command: Command) -> Path:
        return self._checkout if command.text.split()[0] == "make" else self._directory

    def _here(self, text: str) -> str:
        for named, free in self._ports.items():
            text = text.replace(named, free)
        return text

    def _there(self, text: str) -> str:
        for named, free in self._ports.items():
            text = text.replace(free, named)
        return text

    def end(self) -> None:
        """Ends what runs in the background."""
        if self._background is not None:
            self._background.end()


def _program(file: Path, interpreter: str, text: str) -> None:
    file.write_text(f"#!{interpreter}\n{text}\n")
    file.chmod(0o755)


@contextmanager
def shell(scratch: Path, checkout: Path, ports: dict[str, str] | None = None) -> Iterator[Shell]:
    """A shell, whose background ends with it."""
    opened = Shell(scratch, checkout, ports)
    try:
        yield opened
    finally:
        opened.end()

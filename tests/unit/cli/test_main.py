"""The program itself: its version, its help, bad options, and an output that cannot be written."""

import sys
from typing import Any

import pytest

import gatewright
from gatewright.cli.main import main
from tests.unit.cli.invoke import run

COMMANDS = ["scan", "review", "serve", "policies", "new-policy", "test", "config", "rbac"]
GROUPED = ["config check", "rbac who-can", "rbac can", "rbac risks", "rbac diff"]


def test_the_version() -> None:
    assert run("--version") == (0, f"gatewright {gatewright.__version__}\n", "")


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_the_help_lists_the_commands(option: str) -> None:
    code, out, err = run(option)
    assert (code, err) == (0, "")
    assert out.splitlines()[0].strip() == "Usage: gatewright [OPTIONS] COMMAND [ARGS]..."
    listed = out.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == COMMANDS


def test_without_a_command_there_is_help() -> None:
    code, out, err = run()
    assert (code, out + err) == (2, run("--help").out)


@pytest.mark.parametrize("command", [*COMMANDS[:-2], *GROUPED])
def test_each_command_has_examples(command: str) -> None:
    code, out, err = run(*command.split(), "--help")
    assert (code, err) == (0, "")
    examples = out.partition("Examples:\n")[2].strip().splitlines()
    assert examples
    assert [line for line in examples if f"gatewright {command}" not in line] == []


@pytest.mark.parametrize(
    ("arguments", "usage", "reason"),
    [
        (["review"], "review [OPTIONS] {FILE}...", "Missing argument 'FILE'."),
        (["scan", "a", "--onyl", "x"], "scan [OPTIONS] [PATH]...", "No such option: --onyl (Possible options: --only)"),
        (
            ["scan", "a", "--profile", "lax"],
            "scan [OPTIONS] [PATH]...",
            "Invalid value for '--profile': Value error, 'lax' is not one of 'observe', 'default', 'strict'.",
        ),
        (
            ["scan", "a", "--fail-on", "off"],
            "scan [OPTIONS] [PATH]...",
            "Invalid value for '--fail-on': Value error, 'off' is not one of 'enforce', 'warn', 'audit'.",
        ),
        (
            ["review", "a", "-o", "yaml"],
            "review [OPTIONS] {FILE}...",
            "Invalid value for '--output' / '-o': Value error, 'yaml' is not one of 'text', 'json'.",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_bad_option_is_exit_code_2(arguments: list[str], usage: str, reason: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err == (f"Usage: gatewright {usage}\nTry 'gatewright {arguments[0]} -h' for help.\n\nError: {reason}\n")


def test_scan_judges_files_or_the_cluster() -> None:
    assert run("scan") == (2, "", "error: give the PATHs of manifests, or --cluster\n")


def test_an_option_without_its_value_is_exit_code_2() -> None:
    assert run("scan", "a", "--config") == (2, "", "Error: Option '--config' requires an argument.\n")


def test_a_command_that_does_not_exist_is_exit_code_2() -> None:
    code, out, err = run("scna")
    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == "Error: No such command 'scna'. Did you mean 'scan'?"


class Unwritable:
    """An output that takes nothing."""

    encoding, errors = "utf-8", "strict"

    def __init__(self, error: OSError) -> None:
        self._error = error

    def write(self, text: str) -> int:
        del text
        raise self._error

    def flush(self) -> None:
        raise self._error

    def isatty(self) -> bool:
        return False


@pytest.fixture(name="arguments")
def _arguments(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    arguments = ["gatewright"]
    monkeypatch.setattr(sys, "argv", arguments)
    return arguments


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), BrokenPipeError(32, "Broken pipe")], ids=["full", "gone"]
)
@pytest.mark.parametrize(
    "command", [["scan", "root.json"], ["scan", "root.json", "-o", "json"], ["--version"], ["policies"], ["--help"]]
)
def test_an_output_that_cannot_be_written_is_exit_code_2(
    command: list[str],
    error: OSError,
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Not 1: a reader that has gone is no offence of a manifest."""
    arguments += command
    output: Any = Unwritable(error)
    # Rich closes the descriptor of an output whose reader has gone: here, as if it had none
    monkeypatch.setattr("rich.console.Console.on_broken_pipe", _gone)
    monkeypatch.setattr(sys, "stdout", output)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"error: the output cannot be written: {error.strerror}\n"


def _gone(console: object) -> None:
    del console
    raise SystemExit(1)


def test_an_end_of_its_own_is_kept(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    arguments += ["scan", "port.json", "-q"]
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert capsys.readouterr().err == ""


def test_an_interrupt_is_exit_code_130(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gatewright.engine.scan.scan", interrupted)
    arguments += ["scan", "port.json"]
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130

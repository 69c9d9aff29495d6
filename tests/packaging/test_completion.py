"""Completion installs for the shell that asks, and completes there."""

import os
import pty
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.packaging.program import Program

COMMANDS = ["scan", "review", "serve", "policies", "new-policy", "test", "config", "rbac"]
INSTALLED = {
    "bash": (".bash_completions/gatewright.sh", "complete -o default -F _gatewright_completion gatewright"),
    "zsh": (".zfunc/_gatewright", "#compdef gatewright"),
    "fish": (".config/fish/completions/gatewright.fish", "complete --command gatewright --no-files"),
}
"""Where the shell reads it, and a line of it."""

ASKED = """
source ~/.bashrc
COMP_WORDS=(%s) COMP_CWORD=%d
_gatewright_completion gatewright
printf '%%s\\n' "${COMPREPLY[@]}"
"""
"""What bash does when somebody presses Tab at the last of the words."""


@pytest.fixture(name="shells")
def _shells(tmp_path: Path) -> Path:
    """Shells of each name, all of them bash: the name of the process that asks is what counts."""
    folder = tmp_path / "shells"
    folder.mkdir()
    bash = shutil.which("bash")
    assert bash, "there is no bash on the path; on Debian and Ubuntu: apt-get install bash"
    for shell in INSTALLED:
        shutil.copy(bash, folder / shell)
    return folder


def install(program: Program, shells: Path, home: Path, shell: str) -> str:
    """What is printed where a person installs it from their shell."""
    done = program.run(str(shells / shell), "-c", "gatewright --install-completion; exit $?", cwd=home)
    assert (done.code, done.err) == (0, "")
    return done.out


@pytest.mark.parametrize("shell", INSTALLED)
def test_it_installs(program: Program, shells: Path, tmp_path: Path, shell: str) -> None:
    path, line = INSTALLED[shell]
    told = install(program, shells, tmp_path, shell)
    restart = "Completion will take effect once you restart the terminal\n"
    assert told == f"{shell} completion installed in {tmp_path / path}\n{restart}"
    written = (tmp_path / path).read_text()
    assert line in written
    shown = program.run(str(shells / shell), "-c", "gatewright --show-completion; exit $?", cwd=tmp_path)
    assert (shown.code, shown.out.strip(), shown.err) == (0, written.strip(), "")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["gatewright", "''"], COMMANDS),
        (["gatewright", "s"], ["scan", "serve"]),
        (["gatewright", "config", "''"], ["check"]),
        (["gatewright", "scan", "--pro"], ["--profile"]),
        (["gatewright", "scan", "--profile", "''"], ["observe", "default", "strict"]),
        (["gatewright", "scan", "k8s/"], [""]),  # none: bash then offers files
        (["gatewright", "scan", "--config", "gate"], [""]),
    ],
    ids=lambda words: " ".join(filter(None, words)),
)
def test_bash_completes(program: Program, shells: Path, tmp_path: Path, words: list[str], found: list[str]) -> None:
    install(program, shells, tmp_path, "bash")
    asked = ASKED % (" ".join(words), len(words) - 1)
    assert program.run("bash", "-c", asked, cwd=tmp_path) == (0, "".join(f"{one}\n" for one in found), "")


def test_a_person_who_presses_tab_gets_the_rest_of_the_word(program: Program, shells: Path, tmp_path: Path) -> None:
    install(program, shells, tmp_path, "bash")
    (tmp_path / ".inputrc").write_text("set enable-bracketed-paste off\n")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [shells / "bash", "-i"], stdin=theirs, stdout=theirs, stderr=theirs, cwd=tmp_path, start_new_session=True,
        env=program.environment(tmp_path),
    ) as shell:  # fmt: skip
        os.close(theirs)
        os.write(ours, b"gatewright --vers\t\n")
        seen, until = "", time.monotonic() + 30
        while "gatewright 0." not in seen and time.monotonic() < until:
            if select.select([ours], [], [], 0.1)[0]:
                seen += os.read(ours, 4096).decode()
        shell.kill()
    os.close(ours)
    assert "gatewright --version" in seen
    assert "\ngatewright 0." in seen


@pytest.mark.parametrize(
    ("shell", "asked", "told"),
    [
        (
            "zsh",
            {"_TYPER_COMPLETE_ARGS": "gatewright s"},
            """_arguments '*: :(("scan":"Judge manifests."\n"serve":"Serve the webhook."))'\n""",
        ),
        (
            "fish",
            {"_TYPER_COMPLETE_ARGS": "gatewright s", "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
            "scan\tJudge manifests.\nserve\tServe the webhook.\n",
        ),
    ],
    ids=["zsh", "fish"],
)
def test_the_other_shells_are_answered(
    program: Program, tmp_path: Path, shell: str, asked: dict[str, str], told: str
) -> None:
    variables = asked | {"_GATEWRIGHT_COMPLETE": f"complete_{shell}"}
    assert program.run("gatewright", cwd=tmp_path, **variables) == (0, told, "")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("s",), "scan\nserve\n:4\n"),
        (("--",), "--version\n--help\n:4\n"),
        (("scan", "it's/"), ":0\n"),
        ((), ":0\n"),
    ],
    ids=["command", "option", "file", "nothing"],
)
def test_kubectl_is_answered(program: Program, tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    """A line each, then whether it offers files (0) or not (4)."""
    assert program.run("kubectl_complete-gatewright", *words, cwd=tmp_path) == (0, told, "")

"""`kubectl gatewright` is `gatewright`, and kubectl completes it."""

from pathlib import Path

import pytest
from controlplane import binaries

from tests.packaging.program import Program, Ran

pytestmark = pytest.mark.e2e  # the kubectl of the control plane; it asks no API server

DENIED = Path(__file__).parent.parent.parent / "hack" / "manifests" / "denied.yaml"
USAGE = """\
Usage: kubectl gatewright scan [OPTIONS] [PATH]...
Try 'kubectl gatewright scan -h' for help.

Error: No such option: --onyl (Possible options: --only)
"""
ENDED = "Completion ended with directive: ShellCompDirective"


@pytest.fixture(name="kubectl", scope="module")
def _kubectl() -> str:
    return str(binaries.find()["kubectl"])


@pytest.mark.parametrize(
    "arguments",
    [("scan", DENIED), ("scan", DENIED, "--output", "json"), ("scan", "absent.yaml"), ("policies",), ("--version",)],
    ids=["denied", "json", "absent", "policies", "version"],
)
def test_it_does_the_same(program: Program, kubectl: str, tmp_path: Path, arguments: tuple[str | Path, ...]) -> None:
    alone = program.run("gatewright", *arguments, cwd=tmp_path)
    assert alone.out + alone.err
    assert program.run(kubectl, "gatewright", *arguments, cwd=tmp_path) == alone


def test_its_input_is_passed_on(program: Program, kubectl: str, tmp_path: Path) -> None:
    piped = ("-c", f"'{kubectl}' gatewright scan - < '{DENIED}'")
    assert program.run("sh", *piped, cwd=tmp_path) == program.run(
        "sh", "-c", f"gatewright scan - < '{DENIED}'", cwd=tmp_path
    )


def test_it_calls_itself_what_it_was_called(program: Program, kubectl: str, tmp_path: Path) -> None:
    told = program.run(kubectl, "gatewright", "--help", cwd=tmp_path)
    alone = program.run("gatewright", "--help", cwd=tmp_path)
    assert told.out.splitlines()[0].strip() == "Usage: kubectl gatewright [OPTIONS] COMMAND [ARGS]..."
    assert told.out.partition("Commands:")[2] == alone.out.partition("Commands:")[2] != ""
    assert ("completion" in told.out, "completion" in alone.out) == (False, True)
    assert program.run(kubectl, "gatewright", "scan", "--onyl", cwd=tmp_path) == Ran(2, "", USAGE)


def test_kubectl_knows_it(program: Program, kubectl: str, tmp_path: Path) -> None:
    listed = f"The following compatible plugins are available:\n\n{program.bin}/kubectl-gatewright\n"
    assert program.run(kubectl, "plugin", "list", cwd=tmp_path, PATH=str(program.bin)) == Ran(0, listed, "")


@pytest.mark.parametrize(
    ("words", "found", "directive"),
    [
        (("",), ("scan", "review", "serve", "policies", "new-policy", "test", "config", "rbac"), "4"),
        (("s",), ("scan", "serve"), "4"),
        (("--",), ("--version", "--help"), "4"),
        (("scan", "--profile", ""), ("observe", "default", "strict"), "4"),
        (("scan", "it's/"), (), "0"),
    ],
    ids=" ".join,
)
def test_kubectl_completes_it(
    program: Program, kubectl: str, tmp_path: Path, words: tuple[str, ...], found: tuple[str, ...], directive: str
) -> None:
    told = program.run(kubectl, "__complete", "gatewright", *words, cwd=tmp_path)
    assert (told.code, told.out) == (0, "".join(f"{one}\n" for one in (*found, f":{directive}")))
    assert (
        told.err.splitlines()[-1] == ENDED + {"0": "Default", "4": "NoFileComp"}[directive]
    )  # after kubectl's own log

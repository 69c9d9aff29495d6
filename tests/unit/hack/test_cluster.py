import subprocess
from pathlib import Path
from typing import cast

import cluster
import pytest
from controlplane import Failed, Plane

DENIED = f"Warning: w\nError from server (Forbidden): {cluster.ALSO_SAID['denied']}, 1 warning\n"
WARNED = f"{cluster.ALSO_SAID['warned']}: r\n"
SAID = {
    "cluster": (f"{cluster.CREATED['cluster']}\n", ""),
    "denied": ("", DENIED),
    "warned": ("pod/hello created\n", WARNED),
    "allowed": ("pod/careful created\n", ""),
}


class Said:
    """A plane whose kubectl says what it is told to."""

    def __init__(self, **said: tuple[str, str]) -> None:
        self.said = SAID | said

    def kubectl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        if arguments[0] == "get":
            return subprocess.CompletedProcess(arguments, 0, '{"pods":"0"}', "")
        out, err = self.said[Path(arguments[-1]).stem]
        return subprocess.CompletedProcess(arguments, 0, out, err)


def show(**said: tuple[str, str]) -> None:
    """Shows everything."""
    cluster.show_all(cast("Plane", Said(**said)))


def test_all_is_shown_as_kubectl_says_it(capsys: pytest.CaptureFixture[str]) -> None:
    show()
    shown = [
        f"\n> kubectl apply -f hack/manifests/{name}.yaml\n{f'{err}{out}'.strip()}\n"
        for name, (out, err) in SAID.items()
    ]
    assert capsys.readouterr().out == "".join(shown)


@pytest.mark.parametrize(
    ("name", "out", "err"),
    [
        ("cluster", "", "Error from server: no"),
        ("denied", "deployment.apps/web created\n", ""),
        ("denied", "deployment.apps/web created\n", DENIED),
        ("denied", "", "Error from server (InternalError): failed calling webhook\n"),
        ("warned", "", WARNED),
        ("warned", "pod/hello created\n", ""),
        ("allowed", "pod/careful created\n", WARNED),
        ("allowed", "", DENIED),
    ],
)
def test_an_unexpected_verdict_is_told(name: str, out: str, err: str) -> None:
    with pytest.raises(Failed) as failed:
        show(**{name: (out, err)})
    assert str(failed.value) == f"{name}: not the verdict that was expected"

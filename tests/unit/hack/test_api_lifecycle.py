"""hack/lifecycle, on sources in the form of upstream's."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "hack" / "lifecycle"


def minor(kind: str, what: str, number: int) -> str:
    return f"// {what}.\nfunc (in *{kind}) APILifecycle{what}() (major, minor int) {{\n\treturn 1, {number}\n}}\n\n"


def replacement(kind: str, group: str, version: str, other: str) -> str:
    named = f'Group: "{group}", Version: "{version}", Kind: "{other}"'
    return (
        f"func (in *{kind}) APILifecycleReplacement() schema.GroupVersionKind {{\n"
        f"\treturn schema.GroupVersionKind{{{named}}}\n}}\n\n"
    )


def package(folder: Path, group: str, *functions: str, name: str = "zz_generated.prerelease-lifecycle.go") -> None:
    folder.mkdir(parents=True)
    (folder / "register.go").write_text(f'package v1\n\n// GroupName is\nconst GroupName = "{group}"\n')
    (folder / name).write_text("package v1\n\n" + "".join(functions))


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True, check=False)


@pytest.fixture(name="api")
def _api(tmp_path: Path) -> Path:
    api = tmp_path / "api@v0.37.2"
    package(
        api / "shop" / "v1beta1",
        "shop.example",
        minor("Cart", "Introduced", 3),
        minor("Cart", "Deprecated", 5),
        minor("Cart", "Removed", 8),
        minor("CartList", "Removed", 8),
        minor("Till", "Introduced", 4),
        minor("Till", "Deprecated", 6),
        replacement("Till", "bank.example", "v2", "TillList"),
        minor("Shelf", "Removed", 9),
        replacement("Shelf", "shop.example", "v1", "Rack"),
    )
    package(api / "shop" / "v1beta2", "shop.example", minor("Cart", "Introduced", 4))
    package(api / "shop" / "v1", "shop.example", minor("Cart", "Introduced", 5), minor("Till", "Introduced", 5))
    package(api / "shop" / "v2", "shop.example", minor("Cart", "Introduced", 6))
    package(api / "other" / "v2", "other.example", minor("Cart", "Introduced", 1))
    package(api / "core" / "v1", "", minor("Old", "Deprecated", 7), name="lifecycle.go")
    return api


EXPECTED = '''"""When upstream's APIs are deprecated and removed.

Written by hack/lifecycle out of api v0.37.2.
"""

LIFECYCLE: dict[str, dict[str, tuple[int, int, str]]] = {
    "shop.example/v1beta1": {
        "Cart": (5, 8, "shop.example/v1"),
        "Shelf": (0, 9, "shop.example/v1 Rack"),
        "Till": (6, 0, "bank.example/v2"),
    },
    "v1": {
        "Old": (7, 0, ""),
    },
}
"""By apiVersion and kind: the minors of v1 that deprecate and that remove it, 0 for never, and what to use instead: an
apiVersion, with the kind where that is another; empty where there is nothing."""
'''


def test_what_the_sources_say_is_written(api: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.py"
    done = run(api, "--output", output)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"wrote {output}\n", "")
    assert output.read_text() == EXPECTED


def test_several_modules_are_one_table(api: Path, tmp_path: Path) -> None:
    other, output = tmp_path / "aggregator@v0.1.0", tmp_path / "out.py"
    package(other / "apis" / "v1alpha1", "alone.example", minor("Lone", "Deprecated", 1))
    assert run(api, other, "--output", output).returncode == 0
    lines = output.read_text().splitlines()
    assert lines[2] == "Written by hack/lifecycle out of api v0.37.2, aggregator v0.1.0."
    assert lines[6:8] == ['    "alone.example/v1alpha1": {', '        "Lone": (1, 0, ""),']


def test_a_package_without_a_group_is_an_error(tmp_path: Path) -> None:
    package(tmp_path / "v1", "a.example", minor("Lone", "Deprecated", 1))
    (tmp_path / "v1" / "register.go").write_text("package v1\n")
    done = run(tmp_path, "--output", tmp_path / "out.py")
    assert (done.returncode, done.stderr) == (1, f"{tmp_path / 'v1' / 'register.go'}: there is no GroupName\n")
    assert not (tmp_path / "out.py").exists()

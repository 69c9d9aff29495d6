import sys
from pathlib import Path

import pytest

from gatewright.engine import catalog
from gatewright.engine.catalog import Catalog
from gatewright.policy import Severity, declaration
from tests.builders import built_in

SUBJECTS = ", ".join(one.__name__ for one in declaration.SUBJECTS)
HEAD = '''"""Pods are {name}.

Why: so.
"""
from gatewright.policy import Pod, Severity, Store, Violations, policy

'''
BODY = """
@policy(severity=Severity.{severity}{options})
def {name}(pod: Pod) -> Violations:
    yield from ()
"""


def source(name: str, severity: str = "LOW", options: str = "") -> str:
    return HEAD.format(name=name) + BODY.format(name=name, severity=severity, options=options)


def load(folder: Path, files: dict[str, str]) -> Catalog:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return catalog.load([folder])


def test_policies_are_found_by_path(tmp_path: Path) -> None:
    files = {
        "pods/first_one.py": source("first_one", "HIGH"),
        "deep/er/second.py": source("second"),
        "a.py": source("a"),
    }
    loaded = load(tmp_path / "own", files)
    assert loaded.problems == ()
    assert {id_: (entry.subject, entry.file.name) for id_, entry in loaded.entries.items()} == {
        "a": ("own", "a.py"),
        "first-one": ("pods", "first_one.py"),
        "second": ("er", "second.py"),
    }
    assert list(loaded.policies) == ["a", "first-one", "second"]
    assert loaded.policies["first-one"].severity is Severity.HIGH
    assert loaded.policies["first-one"].text == "Pods are first_one.\n\nWhy: so."
    assert loaded.policies["first-one"].summary == "Pods are first_one"
    assert loaded.folders == (tmp_path / "own",)


def test_files_and_folders_that_begin_with_an_underscore_or_a_dot_are_none(tmp_path: Path) -> None:
    broken = "raise SystemExit('loaded')"
    files = {
        "_shared.py": broken,
        "pods/_x.py": broken,
        ".git/a.py": broken,
        "_old/a.py": broken,
        "pods/b.py": source("b"),
    }
    loaded = load(tmp_path, files)
    assert (list(loaded.entries), loaded.problems) == (["b"], ())


SHARED = "from gatewright.policy import Severity\nBAD = Severity.{severity}\n"


def uses(name: str) -> str:
    return (
        source(name)
        .replace("severity=Severity.LOW", "severity=BAD")
        .replace("from gatewright", "from ._shared import BAD\nfrom gatewright", 1)
    )


def test_each_folder_has_its_own_shared_file(tmp_path: Path) -> None:
    files = {
        "a/_shared.py": SHARED.format(severity="HIGH"),
        "a/x.py": uses("x"),
        "b/_shared.py": SHARED.format(severity="CRITICAL"),
        "b/y.py": uses("y"),
        "b/z.py": uses("z").replace("._shared", "..a._shared"),
    }
    loaded = load(tmp_path, files)
    assert loaded.problems == ()
    assert {id_: policy.severity.name for id_, policy in loaded.policies.items()} == {
        "x": "HIGH",
        "y": "CRITICAL",
        "z": "HIGH",
    }


def test_two_folders_of_one_name_are_two_packages(tmp_path: Path) -> None:
    for own, severity in (("one", "HIGH"), ("two", "LOW")):
        load(tmp_path / own / "policies", {"pods/_shared.py": SHARED.format(severity=severity)})
        load(tmp_path / own / "policies", {f"pods/{own}.py": uses(own)})
    loaded = catalog.load([tmp_path / "one/policies", tmp_path / "two/policies"])
    assert loaded.problems == ()
    assert {id_: policy.severity.name for id_, policy in loaded.policies.items()} == {"one": "HIGH", "two": "LOW"}


def test_a_users_package_of_the_name_does_not_collide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = tmp_path / "theirs/policies"
    for name in ("__init__.py", "pod_security/__init__.py", "pod_security/host_ports.py", "pod_security/_shared.py"):
        (theirs / name).parent.mkdir(parents=True, exist_ok=True)
        (theirs / name).write_text("raise RuntimeError('theirs')")
    monkeypatch.syspath_prepend(str(theirs.parent))
    for name in [name for name in sys.modules if name.split(".")[0] == "policies"]:
        monkeypatch.delitem(sys.modules, name)
    loaded = catalog.load([catalog.built_in()])
    assert loaded.problems == ()
    assert loaded.entries.keys() == built_in().entries.keys()


DOUBLE = source("double") + BODY.format(name="other", severity="LOW", options="")
LINE = source("any").splitlines().index("@policy(severity=Severity.LOW)") + 1
"""Where the policy of a source is declared."""
STORED = source("stored").replace("(pod: Pod)", "(pod: Pod, services: Store[Severity])")


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("other.py", source("double"), ": the policy is called double, so its file must be double.py"),
        ("none.py", HEAD.format(name="none"), ": a policy's file declares one policy with @policy, this one 0"),
        ("double.py", DOUBLE, ": a policy's file declares one policy with @policy, this one 2"),
        (
            "bare.py",
            source("bare").replace(HEAD.format(name="bare").split("from")[0], ""),
            ": the file needs a docstring: it is the policy's page",
        ),
        ("stored.py", STORED, ": services: there is no store of Severity"),
        (
            "typo.py",
            source("typo").replace("severity=", "severty="),
            f":{LINE}: TypeError: policy() got an unexpected keyword argument 'severty'",
        ),
        ("broken.py", "def (:", ":1: SyntaxError: invalid syntax"),
        ("missing.py", "import shiny", ":1: ModuleNotFoundError: No module named 'shiny'"),
        ("script.py", "import sys\nsys.exit(0)", ":2: SystemExit: 0"),
        (
            "asks.py",
            source("asks").replace("pod: Pod", "x: str"),
            f":{LINE}: asks: x is the subject; its type must be one of {SUBJECTS}, or a union of them",
        ),
        ("lost.py", source("lost", options=", overrides='shiny'"), ": overrides shiny, which does not exist"),
    ],
)
def test_what_does_not_load_is_a_problem_and_the_others_are_there(
    tmp_path: Path, name: str, text: str, problem: str
) -> None:
    loaded = load(tmp_path, {name: text, "well.py": source("well")})
    assert loaded.problems == (f"{tmp_path / name}{problem}",)
    assert "well" in loaded.entries


def test_an_imported_policy_is_not_declared_again(tmp_path: Path) -> None:
    again = source("again").replace("from gatewright", "from .first import first\nfrom gatewright", 1)
    loaded = load(tmp_path, {"first.py": source("first"), "again.py": again})
    assert (list(loaded.entries), loaded.problems) == (["again", "first"], ())


def test_an_id_is_defined_once(tmp_path: Path) -> None:
    loaded = load(tmp_path, {"a/same.py": source("same", "LOW"), "b/same.py": source("same", "HIGH")})
    first, second = tmp_path / "a/same.py", tmp_path / "b/same.py"
    assert loaded.problems == (f"{second}: same is already defined in {first}",)
    assert loaded.policies["same"].severity is Severity.LOW


def test_a_built_in_id_cannot_be_taken(tmp_path: Path) -> None:
    load(tmp_path, {"privileged.py": source("privileged")})
    loaded = catalog.load([catalog.built_in(), tmp_path])
    built = catalog.built_in() / "pod_security/privileged.py"
    assert loaded.problems == (f"{tmp_path / 'privileged.py'}: privileged is already defined in {built}",)


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    loaded = catalog.load([tmp_path / "none"])
    assert loaded.problems == (f"{tmp_path / 'none'}: there is no such folder of policies",)


def test_the_digest_is_of_all_code(tmp_path: Path) -> None:
    files = {"a/_shared.py": SHARED.format(severity="HIGH"), "a/x.py": uses("x")}
    first = load(tmp_path / "first", files).digest
    assert load(tmp_path / "second", files).digest == first
    shared = load(tmp_path / "third", files | {"a/_shared.py": SHARED.format(severity="LOW")}).digest
    moved = load(tmp_path / "fourth", {name.replace("a/", "b/"): text for name, text in files.items()}).digest
    assert len({first, shared, moved}) == 3


def test_aliases_are_upstreams_spelling() -> None:
    assert built_in().aliases["hostPorts"] == "host-ports"
    assert built_in().aliases["seccompProfile_baseline"] == "seccomp-profile-baseline"


def test_the_built_in_policies_load() -> None:
    assert built_in().problems == ()
    for id_, entry in built_in().entries.items():
        assert entry.file.stem == id_.replace("-", "_")
        assert entry.policy.summary

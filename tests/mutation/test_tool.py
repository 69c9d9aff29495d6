"""What is wrong in a mutant, and that what no case asks is found."""

import ast
import types
from pathlib import Path

import pytest

from gatewright.engine import catalog
from gatewright.model.cluster import Namespace
from gatewright.model.container import Container
from gatewright.model.meta import Metadata
from gatewright.model.version import V
from gatewright.policy import Params
from tests.mutation import loading
from tests.mutation import noticing as tool
from tests.mutation.loading import reached, without
from tests.mutation.mutants import compiled, mutants
from tests.mutation.noticing import Cases, noticing, unnoticed

POLICY = '''
"""Images are of a registry.

Fields:  containers[*].image, spec.hostNetwork
Allowed: images of ours
Why:     a test.
"""

from gatewright.policy import Pod, Severity, Violation, Violations, policy

from ._ours import OURS, starts_well


@policy(severity=Severity.LOW)
def planted(pod: Pod) -> Violations:
    for container in pod.containers:
        if not starts_well(container.image, OURS) and not pod.spec.host_network:
            yield Violation(container, "image", f"{container.label} is not ours")
'''
SHARED = '''
"""What is ours."""

OURS = ("one/", "two/")


def starts_well(image: str, names: tuple[str, ...]) -> bool:
    while image.startswith("/"):
        image = image.removeprefix("/")
    return image.startswith(names)
'''
CASES = """
policy: planted
cases:
  - {name: of the first, set: {"spec.containers[0].image": /one/a}}
  - name: of somebody
    lists: [containers]
    set: {"spec.containers[0].image": three/a}
    expect: {"spec.containers[0].image": container "app" is not ours}
"""
LEFT = "  - {name: of the second, set: {'spec.containers[0].image': two/a}}\n"
LEFT_TOO = "  - {name: on the node, set: {spec.hostNetwork: true, 'spec.containers[0].image': three/a}}\n"


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A policy, what it shares with others, and its cases, which do not ask everything."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "planted.py").write_text(POLICY.lstrip())
    (folder / "_ours.py").write_text(SHARED.lstrip())
    return folder


def survivors(folder: Path, cases: str) -> list[str]:
    (folder / "planted.yaml").write_text(cases)
    (entry,) = catalog.load([folder.parent]).entries.values()
    users = [Cases(entry, folder / "planted.yaml")]
    files = (folder / "planted.py", folder / "_ours.py")
    for file in files:
        assert noticing(file, compiled(ast.parse(file.read_text())), users) is None
    return [str(mutant) for file in files for mutant in unnoticed(file, users)]


def test_what_no_case_asks_is_found(planted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool, "SECONDS", 0.05)
    unread = ["16: without .host_network", "16: without .spec"]
    assert survivors(planted, CASES) == [*unread, "3: 'two/' left out"]
    assert survivors(planted, CASES + LEFT) == unread
    assert survivors(planted, CASES + LEFT + LEFT_TOO) == []


def test_a_case_on_later_objects_notices_too(planted: Path) -> None:
    text = POLICY.replace("in pod.containers", "in pod.containers if pod.metadata.name or pod.is_template else ()")
    (planted / "planted.py").write_text(text.lstrip())
    assert "15: not (pod.is_template)" not in survivors(planted, CASES)
    assert "15: not (pod.is_template)" in survivors(planted, CASES.replace("lists: [containers]", "kinds: [Pod]"))


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("if a: pass", ["not (a)"]),
        ("if a and not b: pass", ["not (a)", "not (b)"]),
        ("x = b if a else c", ["not (a)"]),
        ("while a: pass", ["not (a)"]),
        ("[x for x in y if a]", ["not (a)"]),
        ("x = a or b", ["not (a)", "not (b)"]),
        ("x = a == b", ["not (a == b)"]),
        ("x = any(a for x in y)", ["not (a)"]),
        ("x = all(a == b for x in y)", ["not (a == b)"]),
        ("def f(x) -> bool:\n return g(x)", ["not (g(x))"]),
        ("def f(x) -> str:\n return g(x)", []),
        ("if a < b: pass", ["not (a < b)", "the bound of a < b"]),
        ("if a <= b < c: pass", ["not (a <= b < c)", "the bound of a <= b < c", "the bound of a <= b < c"]),
        ("match a:\n case 1: pass\n case _ if b: pass", ["not (b)", "never case 1", "never case _"]),
        ("X = ('a', 'b')", ["'a' left out", "'b' left out"]),
        ("X = {'a': (1, f(2))}", ["'a' left out"]),
        ("X: Literal['a', 'b'] = g()", []),
        ("def f():\n x = ('a', 'b')", []),
        ("def f(x):\n return x in {1}", ["not (x in {1})", "1 left out"]),
        ("x = y.get('a')", ["without y.get('a')", "without .get"]),
        ("x = find(y, ('a',), 2)", ["'a' left out", "without find(y, ('a',), 2)"]),
        ("x.y = z.A.b.b", ["without .b"]),
        ("try: pass\nexcept a.error as b: raise c(b.args)", []),
    ],
)
def test_what_is_wrong_in_a_mutant(source: str, wrong: list[str]) -> None:
    found = list(mutants(source))
    assert [mutant.what for mutant in found] == wrong
    assert len({mutant.code for mutant in found} | {compiled(ast.parse(source))}) == len(wrong) + 1


class Limits(Params):
    most: int = 3


def no_holder(most: int) -> types.SimpleNamespace:
    return types.SimpleNamespace(most=most)


@pytest.mark.parametrize(
    ("holder", "name", "left", "is_field"),
    [
        (Limits(most=5), "most", 3, True),
        (Container(image="a"), "image", "", True),
        (Container(image="a"), "security_context", Container().security_context, True),
        (Namespace(metadata=Metadata(name="a", labels={"b": "c"})), "labels", {}, True),
        (Namespace(metadata=Metadata(name="a")), "metadata", Metadata(), True),
        (V(1, 30), "minor", 0, True),
        (no_holder(5), "most", 5, False),
    ],
)
def test_a_field_that_is_not_read_is_as_where_it_is_absent(
    holder: object, name: str, left: object, is_field: bool
) -> None:
    reached.clear()
    assert without(holder, name) == left
    assert reached == {name: is_field}


def test_a_method_is_no_field() -> None:
    reached.clear()
    assert without(Limits, "model_validate")({"most": 4}) == Limits(most=4)
    assert reached == {"model_validate": False}
    assert loading.reached is reached

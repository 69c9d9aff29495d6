"""Every condition of every built-in policy, and every field that it reads, is there for a case.

Each is turned round, or left out, in turn; then one of the policy's cases must fail. What a file shares with others is
held to the cases of all of them.
"""

import ast
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatewright.engine import cases
from gatewright.engine.catalog import Catalog, Entry, built_in
from gatewright.engine.reading import ConfigError, the_document
from tests.builders import built_in as catalog
from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.mutants import Mutant, dropped, loaded, mutants

CASES = Path(__file__).parents[1] / "policies"
ENTRIES = {f"{entry.subject}/{entry.file.stem}": entry for entry in catalog().entries.values()}
SHARED = sorted(file for file in built_in().rglob("_*.py") if file.stem != "__init__")

pytestmark = pytest.mark.mutation


@pytest.fixture(autouse=True)
def _fixes_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves fixes out: they are verified by the cases themselves, and here only take time."""
    monkeypatch.setattr(cases, "mends", lambda *_: True)


def is_noticed(entry: Entry, tree: ast.Module, shared: dict[str, ast.Module]) -> bool:
    """Whether a case fails, or the policy itself."""
    try:
        policy = loaded(entry.file, tree, shared)
    except Exception:  # noqa: BLE001  # a mutant that does not load is noticed by everybody
        return True
    mutated = Catalog({entry.policy.id: dataclasses.replace(entry, policy=policy)})
    file = CASES / entry.subject / f"{entry.file.stem}.yaml"
    try:
        return any(outcome.failures for outcome in cases.run(the_document(file.read_bytes(), file.name), mutated))
    except ConfigError:
        return True


def unnoticed(file: Path, users: list[Entry]) -> Iterator[str]:
    """What is wrong in a file, and fails no case of the policies that use it."""
    beside = {one.stem: ast.parse(one.read_text()) for one in SHARED if one.parent == file.parent}
    for mutant in mutants(file.read_text()):
        dropped.clear()
        is_noticed_by_one = any(_notices(entry, file, mutant, beside) for entry in users)
        if not is_noticed_by_one and (not mutant.field or mutant.field in dropped):
            yield mutant.what


def _notices(entry: Entry, file: Path, mutant: Mutant, beside: dict[str, ast.Module]) -> bool:
    if entry.file == file:
        return is_noticed(entry, mutant.tree, {})
    return is_noticed(entry, ast.parse(entry.file.read_text()), beside | {file.stem: mutant.tree})


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_each_thing_that_a_policy_asks_is_there_for_a_case(name: str) -> None:
    entry = ENTRIES[name]
    assert sorted(unnoticed(entry.file, [entry])) == sorted(EQUIVALENT.get(name, {}))


@pytest.mark.parametrize("file", SHARED, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_each_thing_that_policies_share_is_there_for_a_case(file: Path) -> None:
    users = [entry for entry in ENTRIES.values() if entry.file.parent == file.parent and _uses(entry.file, file.stem)]
    assert users
    assert sorted(unnoticed(file, users)) == sorted(EQUIVALENT.get(f"{file.parent.name}/{file.stem}", {}))


def _uses(file: Path, name: str) -> bool:
    """Whether a file imports another one beside it, itself or through a third."""
    text = file.read_text()
    others = [one for one in SHARED if one.parent == file.parent and f"from .{one.stem} import" in text]
    return any(one.stem == name or _uses(one, name) for one in others)

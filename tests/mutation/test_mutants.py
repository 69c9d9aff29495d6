"""Every condition of every built-in policy, and every field that it reads, is there for a case.

Each is turned round, or left out, in turn; then one of the policy's cases must fail. What a file shares with others is
held to the cases of all of them.
"""

import ast
import functools
from pathlib import Path

import pytest

from gatewright.engine import cases
from gatewright.engine.catalog import built_in
from tests.builders import built_in as catalog
from tests.mutation.equivalent import EQUIVALENT, FACTS
from tests.mutation.mutants import compiled
from tests.mutation.noticing import Cases, noticing, unnoticed, uses

CASES = Path(__file__).parents[1] / "policies"
ENTRIES = {f"{entry.subject}/{entry.file.stem}": entry for entry in catalog().entries.values()}
SHARED = {f"{file.parent.name}/{file.stem}": file for file in built_in().rglob("_*.py") if file.stem != "__init__"}

pytestmark = pytest.mark.mutation


@pytest.fixture(autouse=True)
def _what_only_takes_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves fixes out, which the cases themselves verify."""
    monkeypatch.setattr(cases, "mends", lambda *_: True)


@functools.cache
def the_cases(name: str) -> Cases:
    return Cases(ENTRIES[name], CASES / f"{name}.yaml")


def surviving(name: str, file: Path, users: list[str]) -> list[str]:
    """What fails no case and has no reason not to, and the reasons that are for nothing."""
    cases_of = [the_cases(user) for user in users]
    assert noticing(file, compiled(ast.parse(file.read_text())), cases_of) is None, "a case fails as it is"
    reasons = EQUIVALENT.get(name, {})
    found = list(unnoticed(file, cases_of))
    stale = reasons.keys() - {mutant.what for mutant in found}
    return [*(str(mutant) for mutant in found if mutant.what not in reasons), *sorted(stale)]


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_each_thing_that_a_policy_asks_is_there_for_a_case(name: str) -> None:
    assert surviving(name, ENTRIES[name].file, [name]) == []


@pytest.mark.parametrize("name", sorted(SHARED.keys() - FACTS.keys()))
def test_each_thing_that_policies_share_is_there_for_a_case(name: str) -> None:
    users = [other for other, entry in ENTRIES.items() if uses(entry.file, SHARED[name])]
    assert users
    assert surviving(name, SHARED[name], users) == []

"""Every built-in policy's cases, and that none is without."""

from pathlib import Path

import pytest

from gatewright.engine import catalog
from gatewright.engine.cases import Outcome, run
from gatewright.engine.reading import the_document
from tests.builders import built_in

POLICIES = catalog.built_in()
CASES = Path(__file__).parents[1] / "policies"


def below(folder: Path, suffix: str) -> set[str]:
    files = (file.relative_to(folder) for file in folder.rglob(f"*{suffix}"))
    return {file.with_suffix("").as_posix() for file in files if not file.name.startswith("_")}


NAMES = sorted(below(CASES, ".yaml"))


def outcomes(name: str) -> list[Outcome]:
    file = CASES / f"{name}.yaml"
    return list(run(the_document(file.read_bytes(), f"{name}.yaml"), built_in()))


def test_every_policy_has_cases_in_its_place_and_no_cases_are_without_a_policy() -> None:
    assert below(CASES, ".yaml") == below(POLICIES, ".py")


@pytest.mark.parametrize("name", NAMES)
def test_cases(name: str) -> None:
    ran = outcomes(name)
    assert [f"{one.source}:{one.line}: {one.name}: {failure}" for one in ran for failure in one.failures] == []
    assert {one.policy for one in ran} == {Path(name).name.replace("_", "-")}
    assert {one.expects_findings for one in ran} == {True, False}
    assert all(one.objects for one in ran)
    assert len({one.name for one in ran}) == len(ran)


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_has_a_case(name: str) -> None:
    params = built_in().policies[Path(name).name.replace("_", "-")].params
    known = {info.alias for info in params.model_fields.values()} if params else set()
    document = the_document((CASES / f"{name}.yaml").read_bytes(), name)
    assert {key for case in document.value["cases"] for key in case.get("params", {})} == known

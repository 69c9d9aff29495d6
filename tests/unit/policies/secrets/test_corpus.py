import pytest

from tests.unit.policies.secrets.clean import clean
from tests.unit.policies.secrets.dirty import NAMED, WHOLE, known, unshaped
from tests.unit.policies.secrets.measured import Measured, measured, policy, said


@pytest.fixture(scope="module")
def results() -> dict[str, Measured]:
    return {one.policy: one for one in measured()}


def test_the_corpus_is_large_and_the_same_every_time() -> None:
    assert (len(list(known())), len(list(unshaped())), len(list(clean()))) == (366, 342, 623)
    assert (list(known()), list(unshaped()), list(clean())) == (list(known()), list(unshaped()), list(clean()))


def test_no_credential_of_the_corpus_is_missed(results: dict[str, Measured]) -> None:
    assert [(id_, one.missed) for id_, one in results.items()] == [("literal-secret", ()), ("suspicious-value", ())]


def test_hardly_anything_clean_is_taken_for_one(results: dict[str, Measured]) -> None:
    assert results["literal-secret"].wrong == ()
    assert results["suspicious-value"].wrong == ("DB_PASSWORD=SecretKeyRef",)


@pytest.mark.parametrize("id_", ["literal-secret", "suspicious-value"])
def test_the_page_of_the_policy_says_what_was_measured(id_: str, results: dict[str, Measured]) -> None:
    one = results[id_]
    figures = f"{one.dirty - len(one.missed)} of {one.dirty} credentials found, {len(one.wrong)} of {one.clean} clean"
    assert figures in " ".join(policy(id_).text.split())


ALONE = list(known())[: len(WHOLE) + len(NAMED)]


@pytest.mark.parametrize("number", range(len(ALONE)), ids=lambda number: ALONE[number].kind)
def test_each_credential_is_called_by_its_kind(number: int) -> None:
    kind, name, value = ALONE[number]
    assert said("literal-secret", name, value) == [f'data "{name}" has what looks like {kind}; it belongs in a Secret']

"""20,000 reviews by chance: never a 5xx, never a wrong allow, and what is found is what a second reading finds."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from fuzz.campaign import Subject
from fuzz.mutator import Mutator, made
from fuzz.reviews import Reviews
from fuzz.service import Application
from fuzz.structure import place
from fuzz.tally import OUTCOMES, REVIEWS, Tally
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.conftest import Wrong
from tests.unit.webhook.builders import pod, review

CHANCES = st.randoms(use_true_random=False)  # hypothesis draws for them, and so shrinks what they led to
SEEDS = st.randoms(use_true_random=True)  # many more in the same time, but none that shrinks
IDS = ("drawn", "seeded")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
often = settings(
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)

pytestmark = pytest.mark.fuzz


def encoded(value: Any, spaced: bool = False) -> bytes:
    """As JSON, or nearly: NaN is written as such. Without spaces, as an API server writes, or with them."""
    separators = (", ", ": ") if spaced else (",", ":")
    return json.dumps(value, ensure_ascii=False, separators=separators).encode(errors="surrogatepass")


@pytest.fixture(name="wrong")
def _wrong(application: Application, asked_of: Callable[[Subject], Wrong]) -> Wrong:
    return asked_of(Reviews(application.ask))


def tallied(wrong: Wrong, strategy: st.SearchStrategy[bytes], number: int) -> Tally:
    """What came of so many bodies of a strategy, each of which was answered rightly."""
    tally = Tally()

    @settings(often, max_examples=number)
    @given(strategy)
    def run(body: bytes) -> None:
        reason = wrong(body, tally)
        assert not reason, f"{reason}: {body!r}"

    run()
    return tally


@pytest.mark.parametrize(("chances", "number"), [(CHANCES, 1_500), (SEEDS, 6_000)], ids=IDS)
def test_well_formed_reviews(wrong: Wrong, chances: st.SearchStrategy[Random], number: int) -> None:
    tally = tallied(wrong, st.builds(lambda rng: encoded(made(rng)), chances), number)
    assert tally.outcomes.keys() >= {"allowed: clean", "allowed: audited or warned", "denied: violations"}


@pytest.mark.parametrize(("chances", "number"), [(CHANCES, 1_500), (SEEDS, 3_000)], ids=IDS)
def test_any_value_at_any_place(wrong: Wrong, chances: st.SearchStrategy[Random], number: int) -> None:
    def changed(rng: Random, value: Any) -> bytes:
        whole = made(rng)
        place(rng, whole["request"]["object"] or whole).put(value)
        return encoded(whole)

    tally = tallied(wrong, st.builds(changed, chances, VALUES), number)
    assert tally.outcomes.keys() >= {"denied: malformed", "denied: violations", "refused: no review"}


@pytest.mark.parametrize(("chances", "number"), [(CHANCES, 1_500), (SEEDS, 6_500)], ids=IDS)
def test_anything(wrong: Wrong, chances: st.SearchStrategy[Random], number: int) -> None:
    tally = tallied(wrong, st.builds(Mutator().body, chances), number)
    assert tally.outcomes.keys() >= {*OUTCOMES[REVIEWS]} - {"denied: too deep"}


OFFENDER = review(object=pod(privileged=True), namespace="vault")
IMAGE, PRIVILEGED = b'"acme/api:1"', b'"privileged": true'


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (OFFENDER, "denied: violations"),
        (OFFENDER.replace(PRIVILEGED, b'"privileged": false, "privileged": true'), "denied: violations"),
        (OFFENDER.replace(PRIVILEGED, b'"privileged": true, "privileged": false'), "allowed: clean"),
        (OFFENDER.replace(PRIVILEGED, b'"privileged": 1'), "denied: malformed"),
        (OFFENDER.replace(IMAGE, b"NaN"), "refused: no review"),
        (OFFENDER.replace(IMAGE, b'"\\ud800"'), "refused: no review"),
        (OFFENDER.replace(IMAGE, b'"\xff"'), "refused: no review"),
        (OFFENDER.replace(b'"acme', b'"\xed\xa0\x80acme'), "refused: no review"),
        (OFFENDER.replace(IMAGE, b"1" * 5_000), "denied: malformed"),
        (OFFENDER.replace(b'"image"', b'"unknown": %s, "image"' % (b"1" * 5_000)), "denied: violations"),
        (OFFENDER.replace(IMAGE, b"[" * 9_990 + b"]" * 9_990), "denied: too deep"),
        (b"\xef\xbb\xbf" + OFFENDER, "refused: no review"),
        (OFFENDER.decode().encode("utf-16"), "refused: no uid"),
        (OFFENDER.replace(b"admission.k8s.io/v1", b"admission.k8s.io/v1beta1"), "refused: no review"),
        (OFFENDER[:-1], "refused: no review"),
        (b"", "refused: no uid"),
    ],
    ids=[
        *("whole", "duplicate", "duplicate before", "type", "NaN", "surrogate", "byte", "raw surrogate", "digits"),
        *("digits elsewhere", "depth", "BOM", "UTF-16", "v1beta1", "cut", "empty"),
    ],
)
def test_what_others_fell_for(wrong: Wrong, body: bytes, outcome: str) -> None:
    tally = Tally()
    assert wrong(body, tally) == ""
    assert list(tally.outcomes) == [outcome]

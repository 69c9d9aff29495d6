"""Configurations by chance are taken, or refused with the line and the key; never anything else."""

from collections.abc import Callable
from random import Random

import pytest
from fuzz.campaign import Subject
from fuzz.configurations import Configurations
from fuzz.tally import CONFIGURATIONS, Tally
from hypothesis import given, settings

from tests.fuzz.conftest import Wrong
from tests.fuzz.test_reviews import CHANCES, often

pytestmark = pytest.mark.fuzz


def test_configurations(asked_of: Callable[[Subject], Wrong]) -> None:
    configurations, tally = Configurations(), Tally()
    wrong = asked_of(configurations)

    @settings(often, max_examples=300)
    @given(CHANCES)
    def run(rng: Random) -> None:
        body = configurations.case(rng)
        reason = wrong(body, tally)
        assert not reason, f"{reason}: {body!r}"

    run()
    assert tally.unreached(CONFIGURATIONS) == []

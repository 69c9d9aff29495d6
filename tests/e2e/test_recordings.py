"""The recorded reviews are what a real API server sends, but for what differs from run to run."""

import pytest
import record
from recorded import masked, settled

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket]


def test_recorded_afresh_they_are_the_same() -> None:
    fresh, present = record.fresh(), record.present()
    assert [masked(review) for review in fresh] == [masked(review) for review in present]
    assert {file: file.read_text() for file in record.files(present)} == record.files(list(settled(fresh, present)))

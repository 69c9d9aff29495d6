import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatewright.model.version import NEWEST, V, parse_version
from tests.builders import raises


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("v1.0", V(1, 0)),
        ("v1.9", V(1, 9)),
        ("v1.36", V(1, 36)),
        ("v1.37", NEWEST),
        ("v1.38", NEWEST),
        ("v1.99", NEWEST),
        ("v1.999999999999999999", NEWEST),
        ("latest", NEWEST),
    ],
)
def test_versions(text: str, version: V) -> None:
    assert parse_version(text) == version


def test_latest_is_what_it_is_said_to_be() -> None:
    assert parse_version("latest", V(1, 30)) == V(1, 30)
    assert parse_version("v1.36", V(1, 30)) == V(1, 36)


@pytest.mark.parametrize(
    "text",
    [
        *("", "1.25", "v1", "v1.", "v1.01", "v1.-1", "v2.0", "v1.25.3", "V1.25", "Latest", "v1.25\n", " v1.25", "v1.²"),
        *("v1.٣", "v1.1" + "0" * 18, "v1." + "9" * 5000),
    ],
)
def test_what_is_no_version(text: str) -> None:
    with raises(ValueError, 'must be "latest" or "v1.x"'):
        parse_version(text)


@settings(deadline=None)
@given(st.integers(0, 37))
def test_a_version_is_written_as_it_is_read(minor: int) -> None:
    assert str(parse_version(f"v1.{minor}")) == f"v1.{minor}"


def test_order() -> None:
    assert V(1, 9) < V(1, 10) < NEWEST < V(2, 0)

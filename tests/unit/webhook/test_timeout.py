import pytest

from gatewright.webhook.timeout import budget


@pytest.mark.parametrize(
    ("query", "seconds"),
    [
        (b"timeout=10s", 9.0),
        (b"timeout=5s", 4.0),
        (b"timeout=30s", 29.0),
        (b"timeout=2s", 1.0),
        (b"timeout=1s", 0.5),
        (b"timeout=1.5s", 0.75),
        (b"timeout=500ms", 0.25),
        (b"timeout=0m20s", 19.0),
        (b"timeout=20s500ms", 19.5),
        (b"timeout=200000%C2%B5s", 0.1),
        (b"x=1&timeout=3s&y=2", 2.0),
        (b"timeout=3s&timeout=4s", 3.0),
    ],
)
def test_a_second_less_than_given_or_a_half(query: bytes, seconds: float) -> None:
    assert budget(query) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "query", [b"", b"timeout=", b"timeout=10", b"timeout=0s", b"timeout=-5s", b"timeout=ten", b"timeout=1 s", b"\xff"]
)
def test_ten_seconds_where_none_are_given(query: bytes) -> None:
    assert budget(query) == 9.0


@pytest.mark.parametrize("query", [b"timeout=1m30s", b"timeout=1h", b"timeout=9999999999h"])
def test_never_more_than_a_webhook_can_be_given(query: bytes) -> None:
    assert budget(query) == 29.0

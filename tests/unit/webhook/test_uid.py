import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright.webhook.uid import START, find_uid
from tests.unit.webhook.builders import review


@pytest.mark.parametrize(
    ("body", "uid"),
    [
        (b'{"request":{"uid":"a"}}', "a"),
        (b'{"kind":"AdmissionReview","request" : {"kind":{"kind":"Pod"},"uid" : "a"', "a"),
        (b'\xef\xbb\xbf{"request":{"uid":"a"}}', "a"),
        (b'{"request":{"uid":"a","object":{"x":"\xff', "a"),
        (b'{"request":{"uid":"a","object":' + b"[" * 100_000, "a"),
        (b'{"request":{"uid":"a\\u00e9\\"\\n"', 'aé"\n'),
        ('{"request":{"uid":"é"'.encode(), "é"),
        (b'{"\\u0072equest":{"\\u0075id":"a","x":NaN', "a"),
        (b'{"request":{"uid":"a","uid":"b"}}', "b"),
        (b'{"request":{"uid":"a"},"request":{"uid":"b"}}', "b"),
        (b'{"other":{"uid":"x"},"request":{"uid":"a"}}', "a"),
        (b'{"request":{"object":{"metadata":{"uid":"x"}},"uid":"a"}}', "a"),
    ],
)
def test_finds_the_uid_of_the_request(body: bytes, uid: str) -> None:
    assert find_uid(body) == uid


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b'"request"',
        b"[[[",
        b"}}}",
        b'{"uid":"x"}',
        b'{"request":"uid","x":{"uid":"x"}}',
        b'{"request":["uid","x"]}',
        b'{"request":{"object":{"metadata":{"uid":"x"}}}}',
        b'{"request":{"object":{"request":{"uid":"x"}}}}',
        b'{"x":{"request":{"uid":"x"}}}',
        b'{"response":{"uid":"x"}}',
        b'{"request":{"uid":5,"name":"x"}}',
        b'{"request":{"uid":null}}',
        b'{"request":{"uid":""}}',
        b'{"request":{"uid":"cut o',
        b'{"request":{"uid":"\xff"}}',
        b'{"request":{"uid":"\\ud800"}}',
        b'{"request":{"name":"uid\\",\\"uid\\":\\"x"}}',
        b'{"request":{' + b'"x":"' + b"y" * START + b'","uid":"late"}}',
        '{"request":{"uid":"x"}}'.encode("utf-16"),
    ],
)
def test_takes_no_other_one(body: bytes) -> None:
    assert find_uid(body) is None


def test_the_last_one_that_stands_in_the_start_counts() -> None:
    assert find_uid(b'{"request":{"uid":"a","x":"' + b"y" * START + b'","uid":"b"}}') == "a"


@given(uid=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100))
def test_it_is_the_one_that_reading_the_whole_would_give(uid: str) -> None:
    assert find_uid(review(uid=uid)) == uid


@given(body=st.binary(max_size=200))
def test_nothing_makes_it_fail(body: bytes) -> None:
    assert find_uid(body) is None
    assert find_uid(b'{"request":{"uid":"a"},' + body) in ("a", None)

"""However a review is damaged, cut up it is answered as it is when it is read as a whole."""

import math
import re
from random import Random

import pytest
from fuzz.mutator import ROOT, Mutator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatewright.webhook import envelope
from gatewright.webhook.wire import Answer, answer
from tests.builders import engine

pytestmark = pytest.mark.fuzz

ENGINE, MUTATOR = engine(), Mutator()
RECORDED = (ROOT / "tests" / "reviews" / "traffic.jsonl").read_bytes().splitlines()
SEAMS = re.compile(rb',"(?:object|oldObject|dryRun)":|"(?:request|spec|metadata)":\{|\}|null')
PUT = (
    b' |{|}|null|"|,"a":1|"x":1,|,"object":{}|,"object":{"a":1}|"object":{},|,"oldObject":null|,"oldObject":{}'
    b'|,"dryRun":false'
    b'|,"obj\\u0065ct":null|\n|\xc2\xa0'
).split(b"|")


def damaged(seed: int) -> bytes:
    """A recorded review, a mutated one, or one with something put where it is cut."""
    random = Random(seed)  # noqa: S311  # no secret
    body = MUTATOR.body(random) if random.random() < 0.5 else random.choice(RECORDED)
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        if places := [random.choice(found.span()) for found in SEAMS.finditer(body)]:
            at = random.choice(places)
            body = body[:at] + random.choice(PUT) + body[at:]
    return body


def answered(body: bytes) -> Answer:
    return answer(ENGINE, body, math.inf, lambda *_: None)


def test_cut_up_it_means_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    number = {"cut": 0, "whole": 0}
    in_parts = envelope._in_parts

    @settings(max_examples=3000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**64))
    def run(seed: int) -> None:
        body = damaged(seed)
        with monkeypatch.context() as patch:
            patch.setattr(envelope, "_in_parts", lambda _: None)
            whole = answered(body)
        assert answered(body) == whole
        if body.isascii():
            number["cut" if in_parts(body) else "whole"] += 1

    run()
    assert min(number.values()) > 300

import time
from random import Random
from typing import Any

import msgspec
import pytest

from gatewright.model.pod import PodTemplate, Raw
from gatewright.policy import ConfigMap, Metadata, Pod
from policies.secrets._places import at_once, places
from policies.secrets._scan import MANY, MOST_CANDIDATES, credentials
from policies.secrets._shapes import SHAPES
from tests.unit.policies.secrets.dirty import ALNUM, NAMED, WHOLE, text
from tests.unit.policies.secrets.measured import policy, said

RANDOM = Random(7)  # noqa: S311  # nothing is protected by it
TOKEN = f"ghp_{text(RANDOM, ALNUM, 36)}"
PLACEHOLDER = f"ghp_{'x' * 36}"


def test_a_credential_behind_placeholders_is_found_if_only_a_character_is_between() -> None:
    assert credentials(f"{PLACEHOLDER},{PLACEHOLDER},{TOKEN}".encode()) == ["a GitHub token"]


def test_text_that_was_made_to_cost_time_is_not_clean() -> None:
    assert credentials(f"{PLACEHOLDER} ".encode() * MOST_CANDIDATES) == []
    assert credentials(f"{PLACEHOLDER} ".encode() * (MOST_CANDIDATES + 1)) == [MANY]
    assert said("suspicious-value", "x", "token: example\n" * (MOST_CANDIDATES - 1)) == []
    what = 'data "x" has what reads like a password or a token; it belongs in a Secret'
    assert said("suspicious-value", "x", "token: example\n" * MOST_CANDIDATES) == [what]


@pytest.mark.parametrize("name", ["", "x"])
def test_letters_beyond_ascii_and_nul_are_no_hindrance(name: str) -> None:
    expected = f'data "{name}" has what looks like a GitHub token; it belongs in a Secret'
    assert said("literal-secret", name, f"\0 grün \U0001f511 {TOKEN}\0") == [expected]


def test_what_is_around_a_token_tells_whether_it_is_one() -> None:
    for before, after in [("", ""), ('"', '"'), ("=", "&"), ("ü", "ü"), ("-", "-"), ("/", "/")]:
        assert credentials(f"{before}{TOKEN}{after}".encode()) == ["a GitHub token"]
    for before, after in [("a", ""), ("_", ""), ("", "_"), ("0", "")]:
        assert credentials(f"{before}{TOKEN}{after}".encode()) == []


def test_a_place_does_not_show_what_is_in_it() -> None:
    subject = ConfigMap(metadata=Metadata(annotations={"a": TOKEN}), data={"b": TOKEN})
    assert [repr(place) for place in places(subject)] == ["Place('b')", "Place('a')"]


def test_the_first_look_is_at_everything() -> None:
    names = {"annotations": {"a": "1"}, "labels": {"b": "2"}}
    container: Any = {"env": [{"name": "c", "value": "3"}], "command": ["d", "--e"], "args": ["4", "--f", "5"]}
    container |= {
        f"{probe}Probe": {"exec": {"command": ["--g", probe]}} for probe in ("liveness", "readiness", "startup")
    }
    template: Any = {
        "metadata": names,
        "spec": {f"{part}ontainers": [container] for part in ("c", "initC", "ephemeralC")},
    }
    workload = Metadata(annotations={"h": "6"}, labels={"i": "7"})
    pod = Pod(msgspec.convert(template, PodTemplate), "shop", True, Raw(lambda: template), workload)
    settings = ConfigMap(data={"j": "8"}, binary_data={"k": "OTk5"}, metadata=workload)
    for subject, number in ((pod, 3 * 12 + 4), (settings, 4)):
        texts = [place.text for place in places(subject)]
        assert len(texts) == number
        assert [one for one in texts if one not in at_once(subject)] == []


def test_every_shape_has_a_credential_in_the_corpus() -> None:
    assert {shape.kind for shape in SHAPES} == {kind for kind, *_ in (*WHOLE, *NAMED)}


def seconds(id_: str, value: str) -> float:
    one, subject = policy(id_), ConfigMap(data={"x": value})
    assert one.params is not None
    params, times = one.params(), []
    for _ in range(3):
        start = time.perf_counter()
        list(one.check(subject, params))
        times.append(time.perf_counter() - start)
    return min(times)


def bad(random: Random) -> list[str]:
    """What shapes begin with, end without, or could take for their own without an end."""
    whole = [make(random) for _, make in WHOLE] + [f"{name}={make(random)}" for _, name, make in NAMED]
    return [
        *(one[: len(one) // 2] for one in whole),
        *(one[:10] for one in whole),
        *(f"{one[:-8]} " for one in whole),
        *("password=", "token: a", "host=;password=${x};", "://a:", "eyJ.", "machine a login ", "secret/", '"auth": "'),
    ]


@pytest.mark.parametrize("id_", ["literal-secret", "suspicious-value"])
def test_sixteen_times_the_text_never_takes_the_square_of_the_time(id_: str) -> None:
    for piece in bad(Random(8)):  # noqa: S311  # nothing is protected by it
        short, long = ((piece * (size // len(piece) + 1))[:size] for size in (16_384, 262_144))
        assert seconds(id_, long) < 64 * max(seconds(id_, short), 0.0001), piece[:12]

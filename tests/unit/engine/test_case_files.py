"""What is refused of a file of cases."""

import pytest

from gatewright.engine.minimal import KINDS
from gatewright.engine.reading import ConfigError
from tests.builders import declared, raises
from tests.unit.engine.test_cases import limited, outcomes, twice


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("{}", ["1: needs the key cases", "1: needs the key policy"]),
        ("policy: limited\ncases: [{}]", ["2: cases[0]: needs the key name"]),
        ("policy: limits\ncases: [{name: a}]", ["1: policy: there is no policy limits"]),
        ("policy: limited\ncases: [{name: a,\n  exect: {}}]", ["3: cases[0].exect: unknown key; did you mean expect?"]),
        (
            "policy: limited\ncases: [{name: a, set: {a..b: 1}}]",
            ["2: cases[0].set[a..b]: 'a..b' is not a path; paths look like spec.containers[0].image"],
        ),
        (
            "policy: limited\ncases: [{name: a, version: 1.20}]",
            ['2: cases[0].version: must be like "v1.36", in quotes or with the v'],
        ),
        ("policy: limited\ncases: [{name: a, version: '1.20'}]", ['2: cases[0].version: must be "latest" or "v1.x"']),
        (
            "policy: limited\ncases: [{name: a, operation: PATCH}]",
            ["2: cases[0].operation: must be CREATE, UPDATE, DELETE or CONNECT"],
        ),
        ("policy: limited\ncases: [{name: a,\n  params: {mots: 1}}]", ["3: mots: unknown key; did you mean most?"]),
        ("policy: limited\ncases: [{name: a,\n  params: {most: x}}]", ["3: most: must be a valid integer"]),
        ("policy: twice\ncases: [{name: a,\n  params: {most: 1}}]", ["3: most: unknown key; there are none"]),
        (
            "policy: limited\ncases:\n- {name: a}\n- {name: b, kinds: [Jobs]}",
            [f"4: b: kinds: there is no Jobs; there are {', '.join(KINDS)}"],
        ),
        (
            "policy: limited\ncases: [{name: a, set: {'spec.containers[3].name': x}}]",
            ["2: a: spec.containers[3].name: there is no such place in a minimal Pod, initContainers"],
        ),
    ],
)
def test_what_is_no_file_of_cases(text: str, problems: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        outcomes(text, declared(limited), declared(twice))
    assert list(caught.value.problems) == [f"cases.yaml:{problem}" for problem in problems]


def test_cases_are_needed() -> None:
    with raises(ConfigError, "cases.yaml:1: cases: must be at least 1 long"):
        outcomes("{policy: limited, cases: []}")

"""What every built-in policy says of itself: a sentence, what is judged, what is allowed, why, who says so."""

import re

import pytest

from tests.builders import built_in

ORDER = ["Fields", "Allowed", "Why", "Source"]
BESIDES = [[], ["Maps"], ["Maps", "Measured"]]
"""`Maps` is to items of benchmarks, where there are any; `Measured` is how often it is right, if it may be wrong."""

ITEM = re.compile(
    r"""
    CIS \ \d(\.\d+)+ (, \ \d(\.\d+)+)*
    | NSA/CISA \ "[^"]+" (, \ ("[^"]+" | [a-z ]+))*
    | OWASP \ K\d\d (\ \(20\d\d\))? (, \ K\d\d (\ \(20\d\d\))?)*
    """,
    re.VERBOSE,
)


@pytest.mark.parametrize("id_", built_in().entries)
def test_a_header(id_: str) -> None:
    policy = built_in().entries[id_].policy
    sentence, _, rest = policy.text.partition("\n\n")
    assert sentence == f"{policy.summary}."
    assert "\n" not in sentence
    heads = [line.partition(":")[0] for line in rest.splitlines() if not line.startswith(" ")]
    assert heads[: len(ORDER)] == ORDER
    assert heads[len(ORDER) :] in BESIDES
    assert [line for line in policy.text.splitlines() if not line.startswith(" ") and re.match(r"\w+:\s*$", line)] == []


@pytest.mark.parametrize("id_", [id_ for id_, entry in built_in().entries.items() if "\nMaps:" in entry.policy.text])
def test_what_it_maps_to_is_an_item_of_a_benchmark(id_: str) -> None:
    maps = built_in().entries[id_].policy.text.partition("\nMaps:")[2].partition("\nMeasured:")[0]
    items = [item for item in " ".join(maps.split()).split("; ") if item]
    assert items
    assert [item for item in items if not ITEM.fullmatch(item)] == []

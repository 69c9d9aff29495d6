"""A store that changes: what it answers is what it was told last, by whichever way it is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright.cluster.held import Held
from gatewright.engine.world import Objects, Unavailable
from gatewright.policy import Index
from tests.builders import raises

BY_LETTER: Index[str] = Index(str, list)
KEYS = st.tuples(st.sampled_from([None, "a", "b"]), st.sampled_from(["x", "y", "z"]))
CHANGES = st.lists(st.tuples(KEYS, st.none() | st.text("lmn", max_size=3)))


@given(CHANGES, CHANGES, st.sets(KEYS))
def test_it_answers_as_a_store_made_of_what_is_there_now(
    before: list[tuple[tuple[str | None, str], str | None]],
    after: list[tuple[tuple[str | None, str], str | None]],
    kept: set[tuple[str | None, str]],
) -> None:
    held, told = Held[str](), dict[tuple[str | None, str], str]()
    for index, ((namespace, name), item) in enumerate([*before, *after]):
        if index == len(before):  # indexes and orders that are there already follow
            held.by(BY_LETTER, "l")
            held.within("a")
        if item is None:
            held.remove(namespace, name)
            told.pop((namespace, name), None)
        else:
            held.put(namespace, name, item)
            told[namespace, name] = item
    kept &= told.keys()
    held.keep(kept)
    expected = Objects((namespace, name, told[namespace, name]) for namespace, name in kept)
    assert len(held) == len(kept)
    for namespace in (None, "a", "b"):
        assert held.within(namespace) == expected.within(namespace)
        assert [held.get(namespace, name) for name in "xyz"] == [expected.get(namespace, name) for name in "xyz"]
    for letter in "lmn":
        assert sorted(held.by(BY_LETTER, letter)) == sorted(expected.by(BY_LETTER, letter))


def test_what_an_index_finds_is_in_order_of_names() -> None:
    held = Held[str]()
    for namespace, name in (("b", "y"), ("b", "x"), ("a", "y")):
        held.put(namespace, name, f"l{namespace}{name}")
    assert held.by(BY_LETTER, "l") == ("lbx", "lay", "lby")


def test_what_was_read_stays_as_it_was() -> None:
    held = Held[str]()
    held.put("a", "x", "l")
    read, found = held.within("a"), held.by(BY_LETTER, "l")
    held.put("a", "y", "l")
    assert (read, found) == (("l",), ("l",))
    assert (held.within("a"), held.by(BY_LETTER, "l")) == (("l", "l"), ("l", "l"))


def test_what_cannot_be_read_is_not_known_and_may_be_mended() -> None:
    held = Held[str]()
    held.put("a", "x", "l")
    held.put("b", "x", "l")
    held.spoil("a", "x", "it is broken")
    assert len(held) == 2
    for read in (
        lambda: held.get("a", "x"),
        lambda: held.within("a"),
        lambda: held.by(BY_LETTER, "m"),
        held.check,
    ):
        with raises(Unavailable, "it is broken"):
            read()
    assert (held.within("b"), held.get("a", "y")) == (("l",), None)
    held.put("a", "x", "m")
    held.check()
    assert (held.within("a"), held.by(BY_LETTER, "m")) == (("m",), ("m",))
    held.spoil("a", "x", "it is broken")
    held.keep({("b", "x")})
    assert (len(held), held.within("a")) == (1, ())


@pytest.mark.parametrize("change", ["put", "remove"])
def test_an_index_that_raises_does_so_where_it_is_asked(change: str) -> None:
    refused: list[str] = []

    def keys(item: str) -> str:
        if item in refused:
            raise LookupError(item)
        return item

    index, held = Index(str, keys), Held[str]()
    held.put(None, "x", "l")
    assert held.by(index, "l") == ("l",)
    if change == "put":
        refused.append("m")
        held.put(None, "y", "m")
        with raises(LookupError, "m"):
            held.by(index, "l")
        refused.clear()
    else:
        refused.append("l")
        held.remove(None, "x")
        held.put(None, "y", "m")
    assert held.by(index, "m") == ("m",)


def test_each_change_is_told_of() -> None:
    told: list[tuple[str | None, str, str | None]] = []
    held = Held[str](lambda namespace, name, item: told.append((namespace, name, item)))
    held.put("a", "x", "l")
    held.put("a", "x", "m")
    held.remove("a", "x")
    held.remove("a", "x")
    assert told == [("a", "x", "l"), ("a", "x", None), ("a", "x", "m"), ("a", "x", None)]

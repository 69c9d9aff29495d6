import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from gatewright.policy import Globs, Params, PortRanges, Ranges
from tests.builders import raises


class Example(Params):
    ports: PortRanges = PortRanges()
    names: Globs | None = None
    max_pods: int = 10
    plain: list[str] = []


def messages(data: Any) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Example.model_validate(data)
    return [f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in caught.value.errors()]


def test_names_are_camel_case_in_the_configuration() -> None:
    assert Example.model_validate({"maxPods": 3}).max_pods == 3
    assert messages({"max_pods": 3}) == ["max_pods: Extra inputs are not permitted"]


def test_nothing_is_converted() -> None:
    assert messages({"maxPods": "3"}) == ["maxPods: Input should be a valid integer"]
    assert messages({"maxPods": True}) == ["maxPods: Input should be a valid integer"]
    assert messages({"plain": [1]}) == ["plain.0: Input should be a valid string"]


def test_a_scalar_stands_for_a_list_of_one() -> None:
    assert Example.model_validate({"ports": 80, "names": "a*", "plain": "x"}) == Example.model_validate(
        {"ports": [80], "names": ["a*"], "plain": ["x"]}
    )
    assert Example.model_validate({"ports": "80-81"}).ports == ((range(80, 82)),)
    assert messages({"plain": True}) == ["plain: Input should be a valid list"]


def test_a_list_that_is_unset_says_nothing_and_an_empty_one_allows_nothing() -> None:
    assert Example.model_validate({}).names is None
    names = Example.model_validate({"names": []}).names
    assert names is not None
    assert not names.match("anything")


def test_parameters_cannot_change() -> None:
    with pytest.raises(ValidationError, match="Instance is frozen"):
        Example().max_pods = 4


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ([9100], {9100}, {0, 9099, 9101}),
        (["5000-6000"], {5000, 5500, 6000}, {4999, 6001}),
        (["80-80"], {80}, {79, 81}),
        ([1, 65535], {1, 65535}, {0, 2, 65536}),
        (["0080"], {80}, {8}),
        ([], set(), {80}),
    ],
)
def test_ports(written: list[Any], inside: set[int], outside: set[int]) -> None:
    ports = PortRanges.parse(written)
    assert {port for port in inside | outside if port in ports} == inside
    assert "80" not in ports


@pytest.mark.parametrize(
    "item", [0, 65536, -1, "", "-", "80-", "-80", "6000-5000", "1-65536", "0-10", "http", "80 - 81", "80-81-82", "1e3"]
)
def test_what_is_no_port(item: int | str) -> None:
    with raises(ValueError, f'{item!r} is no port from 1 to 65535 and no range like "5000-6000"'):
        PortRanges.parse([item])


@pytest.mark.parametrize(
    ("written", "inside", "outside", "told"),
    [
        ([0], {0}, {1}, "0"),
        (["0-0", "1000-65535"], {0, 1000, 65535}, {1, 999, 65536}, "0, 1000-65535"),
        ([2147483647], {2147483647}, {2147483646, 2147483648}, "2147483647"),
        ([], set(), {0}, ""),
    ],
)
def test_ids(written: list[int | str], inside: set[int], outside: set[int], told: str) -> None:
    ids = Ranges.parse(written)
    assert {number for number in inside | outside if number in ids} == inside
    assert str(ids) == told


@pytest.mark.parametrize("item", [2147483648, -1, "", "root", "1000-2147483648", "2-1", "-5", "5-"])
def test_what_is_no_id(item: int | str) -> None:
    with raises(ValueError, f'{item!r} is no id from 0 to 2147483647 and no range like "1000-65535"'):
        Ranges.parse([item])


class Users(Params):
    run_as_user: Ranges | None = None


def test_the_ids_of_a_parameter() -> None:
    assert Users.model_validate({"runAsUser": 1000}).model_dump() == {"run_as_user": [1000]}
    assert Users.model_validate({}).run_as_user is None
    number = {
        "anyOf": [
            {"type": "integer", "minimum": 0, "maximum": 2147483647},
            {"type": "string", "pattern": "^[0-9]{1,10}(-[0-9]{1,10})?$"},
        ]
    }
    written = {"anyOf": [number, {"type": "array", "items": number}]}
    assert Users.model_json_schema()["properties"]["runAsUser"] == {"title": "Runasuser", **written}


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 65535), st.integers(1, 65535)).map(sorted)))
def test_ports_are_written_as_they_are_read(pairs: list[list[int]]) -> None:
    written = [first if first == last else f"{first}-{last}" for first, last in pairs]
    assert Example.model_validate({"ports": written}).model_dump()["ports"] == written


@pytest.mark.parametrize(
    ("glob", "names", "others"),
    [
        ("kube-*", {"kube-", "kube-system"}, {"kube", "KUBE-system", "xkube-a"}),
        ("*", {"", "a", "a\nb"}, set()),
        ("a?c", {"abc", "a.c"}, {"ac", "abbc"}),
        ("exact", {"exact"}, {"Exact", "exact\n", "inexact"}),
        ("a.c", {"a.c"}, {"abc"}),
        ("(a+)+$", {"(a+)+$"}, {"aaa"}),
        ("a[bc]", {"a[bc]"}, {"ab", "ac", "a["}),
        ("[!a]*", {"[!a]", "[!a]x"}, {"b", "!", "["}),
        ("*]", {"]", "a]"}, {"a"}),
        ("[[]", {"[[]"}, {"[", "[["}),
        ("web-[0-9]?", {"web-[0-9]x"}, {"web-0x", "web-[0-9]"}),
        ("système:*", {"système:x"}, {"systeme:x"}),
    ],
)
def test_globs(glob: str, names: set[str], others: set[str]) -> None:
    assert {name for name in names | others if Globs([glob]).match(name)} == names


def test_one_of_several_globs_is_enough() -> None:
    assert Globs(["a", "b*"]).match("bc")
    assert not Globs(["a", "b*"]).match("c")


@pytest.mark.parametrize("glob", ["*a" * 60 + "b", "?*" * 60 + "b", "*" * 200 + "b"])
def test_the_worst_glob_takes_less_than_50_ms(glob: str) -> None:
    globs = Globs([glob])
    globs.match("")  # the pattern is compiled once
    started = time.process_time()
    assert not globs.match("a" * 253)
    assert time.process_time() - started < 0.05


def test_the_schema_is_of_what_is_written() -> None:
    port = {
        "anyOf": [
            {"type": "integer", "minimum": 1, "maximum": 65535},
            {"type": "string", "pattern": "^0*[1-9][0-9]{0,4}(-0*[1-9][0-9]{0,4})?$"},
        ]
    }
    assert Example.model_json_schema()["properties"] == {
        "ports": {"default": [], "title": "Ports", "anyOf": [port, {"type": "array", "items": port}]},
        "names": {"title": "Names", "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "maxPods": {"default": 10, "title": "Maxpods", "type": "integer"},
        "plain": {
            "default": [],
            "title": "Plain",
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        },
    }

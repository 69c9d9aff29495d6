"""The tables that the policies of the cluster judge by agree with themselves, and with each other."""

import re
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from pydantic import ValidationError

from gatewright.policy import V
from policies.cluster._lifecycle import LIFECYCLE
from policies.cluster._releases import AS_OF, RELEASES, minor_of
from policies.cluster._removed import REMOVED
from policies.cluster.cluster_freshness import ClusterFreshness
from policies.cluster.deprecated_api import APIS, deprecated_api

API_VERSION = re.compile(r"([a-z0-9.]+/)?v\d+((alpha|beta)\d+)?")


def test_every_minor_from_the_first_to_the_newest_is_there() -> None:
    assert list(RELEASES) == [V(1, minor) for minor in range(28, 38)]


def test_a_minor_gets_patches_for_about_fourteen_months() -> None:
    for released, end_of_life in RELEASES.values():
        assert timedelta(days=13.9 * 30) < end_of_life - released < timedelta(days=15 * 30.5)


def test_each_minor_is_released_and_ends_after_the_one_before() -> None:
    for before, after in pairwise(RELEASES.values()):
        assert before.released < after.released
        assert before.end_of_life < after.end_of_life


def test_four_minors_are_supported_on_the_day_of_the_table() -> None:
    supported = [minor for minor, dates in RELEASES.items() if dates.released <= AS_OF <= dates.end_of_life]
    assert supported == [V(1, 34), V(1, 35), V(1, 36), V(1, 37)]  # the oldest in its last two months


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("v1.37.2", 37),
        ("1.30", 30),
        ("v1.31.1-eks-7f9249a", 31),
        ("v1.29.4+k3s1", 29),
        ("v1.0.0", 0),
        ("v1.1234", 1234),
    ],
)
def test_the_minor_of_a_version(text: str, minor: int) -> None:
    assert minor_of(text) == V(1, minor)


@pytest.mark.parametrize(
    "text", ["", "v1", "v1.", "v2.37.0", "v1.037", "v1.12345", "v1.37a", "v1.\uff13\uff17", " v1.37", "xv1.37"]
)
def test_what_is_no_version(text: str) -> None:
    assert minor_of(text) is None


def test_no_api_is_removed_before_it_is_deprecated() -> None:
    for kinds in APIS.values():
        for deprecated, removed, _ in kinds.values():
            assert deprecated < (removed or 999)
            assert deprecated or removed


def test_what_to_use_instead_is_an_api() -> None:
    for name, kinds in APIS.items():
        assert API_VERSION.fullmatch(name)
        for kind, (_, _, instead) in kinds.items():
            api_version, _, other = instead.partition(" ")
            assert not instead or API_VERSION.fullmatch(api_version)
            assert instead != name
            assert other != kind


def test_what_is_kept_by_hand_is_nowhere_else() -> None:
    for name, kinds in REMOVED.items():
        assert not kinds.keys() & LIFECYCLE.get(name, {}).keys()
        assert kinds.items() <= APIS[name].items()


def test_every_kind_in_the_tables_is_judged() -> None:
    some = {"Endpoints", "Ingress.extensions", "Ingress.networking.k8s.io", "HorizontalPodAutoscaler.autoscaling"}
    assert some <= deprecated_api.kinds
    assert len(deprecated_api.kinds) == len(
        {(name.rpartition("/")[0], kind) for name, kinds in APIS.items() for kind in kinds}
    )
    assert not deprecated_api.is_registered


def problems(**params: Any) -> list[tuple[tuple[int | str, ...], str]]:
    with pytest.raises(ValidationError) as raised:
        ClusterFreshness(**params)
    return [(error["loc"], error["msg"]) for error in raised.value.errors()]


DATES = {"released": "2026-08-26", "endOfLife": "2027-10-28"}


@pytest.mark.parametrize("minor", ["1.37", "v1.37.2", "v2.1", "v1.37-gke", "latest"])
def test_dates_are_those_of_a_minor(minor: str) -> None:
    where = ("releases", minor, "[key]")
    assert problems(releases={minor: DATES}) == [(where, "Value error, must be a minor like v1.37")]


@pytest.mark.parametrize("day", ["2026-8-26", "20260826", "2026-02-30", "2026-W01-1", "soon", "", 20260826, None])
def test_a_day_is_written_in_one_way(day: object) -> None:
    where = ("releases", "v1.37", "released")
    assert problems(releases={"v1.37": DATES | {"released": day}}) == [
        (where, "Value error, must be a day like 2026-08-26")
    ]


def test_both_dates_are_there() -> None:
    assert problems(releases={"v1.37": {"released": "2026-08-26"}}) == [
        (("releases", "v1.37", "endOfLife"), "Field required")
    ]

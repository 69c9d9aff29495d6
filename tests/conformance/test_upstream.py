"""Upstream's pod-security fixtures, each with upstream's verdict and check, by the engine and by scan."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conformance import RuleSet, by_engine, by_scan, rule_sets

pytestmark = pytest.mark.conformance

ALL = 4537
"""Fixtures of k8s.io/pod-security-admission v0.37.2."""


@pytest.fixture(scope="module")
def sets() -> list[RuleSet]:
    folder = os.environ.get("POD_SECURITY_FIXTURES")
    assert folder, "POD_SECURITY_FIXTURES names no folder; make test fetches the fixtures and sets it"
    return list(rule_sets(Path(folder)))


def test_there_are_all_of_them(sets: list[RuleSet]) -> None:
    assert sum(len(rules.fixtures) for rules in sets) == ALL
    assert {(rules.level, rules.version) for rules in sets} == {
        (level, f"v1.{minor}") for level in ("baseline", "restricted") for minor in range(38)
    }


@pytest.mark.parametrize("judge", [by_engine, by_scan], ids=["engine", "scan"])
def test_they_are_judged_as_upstream_judges_them(sets: list[RuleSet], judge: Callable[[RuleSet], list[str]]) -> None:
    assert [line for rules in sets for line in judge(rules)] == []

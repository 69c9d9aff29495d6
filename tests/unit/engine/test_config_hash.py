"""The hash by which replicas are compared: the same for the same configuration, another for every change."""

import dataclasses
import os
import re
import subprocess
import sys

import pytest

from gatewright.engine.config import load as load_with
from tests.builders import built_in, load
from tests.unit.engine.test_config_keys import FILE, OVERRIDES

TEXT = """
policies: {host-ports: {mode: {critical: enforce, else: warn}, allowed: [1, "2-3"]}}
templates: {argoproj.io/Rollout: spec.template}
overrides:
  - {namespaces: [b, a], groups: g, operations: CREATE, policies: {sysctls: off}}
"""


def test_it_is_short_and_hexadecimal() -> None:
    assert re.fullmatch("[0-9a-f]{12}", load(TEXT).hash)


def test_it_is_the_same_in_another_process() -> None:
    code = f"from tests.builders import load; print(load({TEXT!r}).hash)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "7"}
    other = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert other.stdout.strip() == load(TEXT).hash


def test_comments_order_and_the_files_name_do_not_count() -> None:
    first = load_with(b"{profile: strict, policies: {sysctls: warn, privileged: audit}}", "a.yaml", None, built_in())
    second = load_with(b"# hm\npolicies: {privileged: audit, sysctls: warn}\nprofile: strict", "b", None, built_in())
    assert first.hash == second.hash


@pytest.mark.parametrize("key", FILE)
def test_every_key_of_the_file_changes_it(key: str) -> None:
    assert load(FILE[key].with_).hash != load(FILE[key].without).hash


@pytest.mark.parametrize("key", OVERRIDES)
def test_every_key_of_an_override_changes_it(key: str) -> None:
    effect = OVERRIDES[key]
    assert len({load(text).hash for text in (effect.with_, effect.without, "{}")}) == 3


CHANGES = [
    ("policies: {host-ports: warn}", "policies: {host-ports: audit}"),
    ("policies: {host-ports: warn}", "policies: {host-namespaces: warn}"),
    ("policies: {host-ports: {mode: warn, allowed: [1]}}", "policies: {host-ports: {mode: warn, allowed: [2]}}"),
    ("policies: {host-ports: {allowed: []}}", "policies: {host-ports: {}}"),
    ("policies: {host-ports: {else: warn}}", "policies: {host-ports: {low: off, else: warn}}"),
    ("overrides: [{namespaces: a, policies: {'*': warn}}]", "overrides: [{namespaces: [a, b], policies: {'*': warn}}]"),
    ("overrides: [{users: a, policies: {'*': warn}}]", "overrides: [{groups: a, policies: {'*': warn}}]"),
    ("overrides: [{namespaceLabels: {a: b}}]", "overrides: [{namespaceLabels: {a: c}}]"),
    ("overrides: [{users: b}, {namespaces: a}]", "overrides: [{namespaces: a}, {users: b}]"),
    ("templates: {x/Job: spec.a}", "templates: {x/Job: spec.b}"),
    ("kubernetes: v1.35", "kubernetes: v1.36"),
    ("profile: observe", "profile: strict"),
]


@pytest.mark.parametrize(("one", "other"), CHANGES)
def test_every_value_changes_it(one: str, other: str) -> None:
    assert load(one).hash != load(other).hash


def test_the_code_of_the_policies_changes_it() -> None:
    other = dataclasses.replace(built_in(), digest="other")
    assert load(TEXT, catalog=other).hash != load(TEXT).hash

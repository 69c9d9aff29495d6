"""What a configuration amounts to, as `config check` tells it."""

from typing import Any

import pytest

from gatewright.engine.explain import explained, resolved, warnings
from gatewright.model.review import CONNECT
from gatewright.policy import Connect, Pod, Violation, Violations
from tests.builders import PREFIX, declared, extended, load

TEXT = """
policies: {host-ports: {mode: warn, allowed: [80]}, privileged: {critical: enforce, else: audit}}
overrides:
  - {namespaceLabels: {tier: test}, policies: {pod_security/*: audit, host-ports: {allowed: [81]}}}
  - {namespaces: kube-*, profile: observe, policies: {sysctls: off}}
  - {users: [a, b], groups: c, policies: {"*": warn}}
  - {operations: DELETE}
"""
ELSEWHERE = [
    "overrides[0] (namespaceLabels tier=test): pod_security/* audit, host-ports allowed=[81]",
    "profile observe (namespaces kube-*): ",
    "overrides[1] (namespaces kube-*): sysctls off",
    "overrides[2] (users a, b; groups c): * warn",
    "overrides[3] (operations DELETE): nothing of policies",
]


@pytest.fixture(autouse=True)
def _pod_security_alone(small_catalogue: None) -> None:
    """What is tested is how a configuration is told, whatever the catalogue has."""


def told(document: dict[str, Any], id_: str) -> str:
    one = next(one for one in document["policies"] if one["policy"] == id_)
    return f"{one['mode']} by {one['why']} {one['params'] or ''}".strip()


def test_what_holds_where_no_override_does() -> None:
    configuration = load(TEXT)
    document = resolved(configuration)
    assert (document["profile"], document["configHash"]) == ("default", configuration.hash)
    assert told(document, "host-ports") == "warn by policies {'allowed': [80]}"
    assert told(document, "sysctls") == "enforce by profile default"
    assert told(document, "privileged") == "critical: enforce, high: audit, medium: audit, low: audit by policies"
    assert [one["policy"] for one in document["policies"]] == list(configuration.catalog.entries)
    assert [one.startswith(words) for one, words in zip(document["elsewhere"], ELSEWHERE, strict=True)] == [True] * 5
    assert document["elsewhere"][0] == ELSEWHERE[0]
    assert document["elsewhere"][2:] == ELSEWHERE[2:]


def test_what_holds_in_a_namespace() -> None:
    document = explained(load(TEXT), "kube-system", {"tier": "test"})
    assert told(document, "host-ports") == "warn by profile observe {'allowed': [81]}"
    assert told(document, "sysctls") == "off by overrides[1]"
    assert document["elsewhere"] == ELSEWHERE[3:]
    assert told(explained(load(TEXT), "shop", {}), "sysctls") == "enforce by profile default"


def test_what_labels_decide() -> None:
    labels = {PREFIX + "enforce": "restricted", PREFIX + "enforce-version": "v1.30", PREFIX + "warn": "baseline"}
    document = explained(load("policies: {privileged: audit}"), "shop", labels)
    by_labels = "by profile default, and the namespace's pod-security labels"
    assert told(document, "sysctls") == f"warn at latest, enforce at v1.30 {by_labels}"
    assert told(document, "run-as-non-root") == f"enforce at v1.30 {by_labels}"
    assert told(document, "proc-mount-restricted") == f"off {by_labels}"
    assert told(document, "privileged") == "audit by policies"
    assert told(document, "pod-security-labels") == "enforce by profile default"


def unheard(pod: Pod) -> Violations:
    yield Violation(pod.spec, "", "x")


def test_what_nothing_turns_on() -> None:
    configuration = load(catalog=extended(declared(unheard)))
    assert told(resolved(configuration), "unheard") == "off by nothing turns it on"


def no_exec(connect: Connect) -> Violations:
    yield Violation(connect, "", "x")


def test_warn_on_connect_is_pointed_out() -> None:
    catalog = extended(declared(no_exec, on={CONNECT}))
    says = "no-exec: warn acts as audit on CONNECT, where no warning reaches anyone"
    assert warnings(load("policies: {no-exec: warn}", catalog=catalog)) == [f"policies: {says}"]
    assert warnings(load("overrides: [{users: a, policies: {'*': {high: warn, else: off}}}]", catalog=catalog)) == [
        f"overrides[0]: {says}"
    ]
    assert warnings(load("policies: {no-exec: enforce, privileged: warn}", catalog=catalog)) == []

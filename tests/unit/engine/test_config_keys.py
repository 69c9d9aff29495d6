"""Every key of the configuration has an effect on a Decision: a key that does nothing would be a hole."""

from pathlib import Path
from typing import NamedTuple

import pytest
from pydantic import BaseModel

from gatewright.engine import config
from gatewright.engine.engine import Engine
from gatewright.engine.settings import models
from gatewright.engine.world import ClosedWorld
from gatewright.model.review import AdmissionRequest, Kind
from tests.builders import PRIVILEGED, built_in, engine, namespace, pod, pod_security, request, workload

USER_NAMESPACE = {"spec.hostUsers": False, "spec.containers[0].securityContext.runAsNonRoot": None}
TIER = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"tier": "production"}}}


class Effect(NamedTuple):
    """What a review's findings are under two configurations that differ in one key."""

    without: str
    with_: str
    before: list[str]
    after: list[str]
    review: AdmissionRequest = request(pod(PRIVILEGED))


DENIED, WARNED = ["enforce privileged"], ["warn privileged"]
RBAC = "rbac.authorization.k8s.io"
ROLE = request(
    {
        "apiVersion": f"{RBAC}/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "unbound"},
        "rules": [{"apiGroups": [RBAC], "resources": ["clusterroles"], "verbs": ["escalate", "update"]}],
    }
)
GIVEN = [f"{mode} rbac-escalate" for mode in ("warn", "enforce")]
OVERRIDE = "overrides: [{%spolicies: {privileged: warn}}]"


REVIEW = request(pod(PRIVILEGED))


def condition(holds: str, other: str, review: AdmissionRequest = REVIEW) -> Effect:
    """An override that warns where a condition holds, and another where it does not."""
    return Effect(OVERRIDE % f"{other}, ", OVERRIDE % f"{holds}, ", DENIED, WARNED, review)


FILE = {
    "profile": Effect("{}", "profile: observe", DENIED, WARNED),
    "policies": Effect("{}", "policies: {privileged: audit}", DENIED, ["audit privileged"]),
    "podSecurityLabels": Effect("{}", "podSecurityLabels: ignore", [], DENIED),
    "enforceOn": Effect("{}", "enforceOn: pods", DENIED, WARNED, request(workload("Deployment", PRIVILEGED))),
    "enforceRoles": Effect("{}", "enforceRoles: all", GIVEN[:1], GIVEN[1:], ROLE),
    "overrides": Effect("{}", "overrides: [{kinds: '*', policies: {privileged: off}}]", DENIED, []),
    "kubernetes": Effect("{}", "kubernetes: v1.34", [], ["warn run-as-non-root"], request(pod(USER_NAMESPACE))),
    "templates": Effect(
        "{}",
        "templates: {example.org/Web: spec.template}",
        [],
        DENIED,
        request(workload("Deployment", PRIVILEGED), kind=Kind("example.org", "v1", "Web")),
    ),
}
BY = request(pod(PRIVILEGED), user="robot", groups=("robots", "system:authenticated"))
OVERRIDES = {
    "namespaces": condition("namespaces: sh*", "namespaces: [web, Shop]"),
    "namespaceLabels": condition("namespaceLabels: {tier: production}", "namespaceLabels: {tier: test}"),
    "kinds": condition("kinds: P?d", "kinds: [Deployment, core/Pod]"),
    "names": condition("names: w*, namespaces: shop", "names: x, namespaces: shop"),
    "operations": condition("operations: CREATE", "operations: [UPDATE, DELETE]"),
    "users": condition("users: rob*", "users: robots", BY),
    "groups": condition("groups: [a, robots]", "groups: robot", BY),
    "profile": Effect("overrides: [{kinds: '*'}]", "overrides: [{kinds: '*', profile: observe}]", DENIED, WARNED),
    "policies": Effect(
        "overrides: [{kinds: '*'}]", "overrides: [{kinds: '*', policies: {privileged: off}}]", DENIED, []
    ),
    "podSecurityLabels": Effect(
        "overrides: [{kinds: '*'}]", "overrides: [{kinds: '*', podSecurityLabels: ignore}]", [], DENIED
    ),
    "enforceOn": Effect(
        "overrides: [{kinds: '*'}]",
        "overrides: [{kinds: '*', enforceOn: pods}]",
        DENIED,
        WARNED,
        request(workload("Job", PRIVILEGED)),
    ),
    "enforceRoles": Effect(
        "overrides: [{kinds: '*'}]", "overrides: [{kinds: '*', enforceRoles: all}]", GIVEN[:1], GIVEN[1:], ROLE
    ),
}
LABELLED_KEYS = {"podSecurityLabels"}
"""Keys whose effect shows in a namespace that wishes for no level."""

NO_EFFECT = {"apiVersion"}
"""Keys that name what the file is."""


def found(text: str, key: str, review: AdmissionRequest) -> list[str]:
    world = ClosedWorld([namespace(enforce="privileged") if key in LABELLED_KEYS else TIER])
    findings = engine(text, world=world, only=[*pod_security(), "rbac-escalate"]).judge(review).findings
    return [f"{finding.mode} {finding.policy}" for finding in findings]


@pytest.mark.parametrize(
    ("key", "effect"), [*FILE.items(), *OVERRIDES.items()], ids=[*FILE, *(f"overrides.{key}" for key in OVERRIDES)]
)
def test_a_key_has_an_effect(key: str, effect: Effect) -> None:
    assert found(effect.without, key, effect.review) == effect.before
    assert found(effect.with_, key, effect.review) == effect.after


OWN = '''"""Pods have a name of three letters."""
from gatewright.policy import Pod, Severity, Violation, Violations, policy


@policy(severity=Severity.LOW)
def short_names(pod: Pod) -> Violations:
    if len(pod.metadata.name) != 3:
        yield Violation(pod.metadata, "name", "the name has not three letters")
'''


def test_folders_of_policies_have_an_effect(tmp_path: Path) -> None:
    (tmp_path / "short_names.py").write_text(OWN)
    own = config.load(
        f"policyFolders: {tmp_path}\npolicies: {{pod_security/*: off, short-names: enforce}}".encode(), "g"
    )
    judge = Engine(own, ClosedWorld(), only=[*pod_security(), "short-names"]).judge
    assert [one.message for one in judge(request(pod({"metadata.name": "shop"}))).findings] == [
        "the name has not three letters"
    ]
    assert judge(request(pod({"metadata.name": "web"}))).allowed


def keys(model: type[BaseModel]) -> set[str]:
    return {info.alias or "" for info in model.model_fields.values()}


def test_no_key_is_forgotten() -> None:
    file, _ = models(built_in(), config.profiles())
    schema = file.model_json_schema()
    assert set(schema["properties"]) == keys(file) == {*FILE, "policyFolders", *NO_EFFECT}
    assert set(schema["$defs"]["Override"]["properties"]) == set(OVERRIDES)

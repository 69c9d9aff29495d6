from typing import Any

import msgspec
import pytest

from gatewright.model.cluster import Object
from gatewright.model.meta import Metadata
from gatewright.model.path import render
from gatewright.model.rbac import (
    AggregationRule,
    ClusterRole,
    ClusterRoleBinding,
    PolicyRule,
    Role,
    RoleBinding,
    RoleRef,
    SecretReference,
    ServiceAccount,
    Subject,
)
from gatewright.model.schema import decode, locate
from gatewright.model.selector import LabelSelector, LabelSelectorRequirement
from tests.unit.model.test_client_attributes import drift

GROUP = "rbac.authorization.k8s.io"
RULE = {"verbs": ["get"], "apiGroups": [""], "resources": ["pods"], "resourceNames": ["x"], "nonResourceURLs": ["/a"]}
RULES = (PolicyRule(("get",), ("",), ("pods",), ("x",), ("/a",)),)
BINDING = {
    "metadata": {"name": "a", "namespace": "shop"},
    "roleRef": {"apiGroup": GROUP, "kind": "Role", "name": "r"},
    "subjects": [{"apiGroup": GROUP, "kind": "ServiceAccount", "name": "s", "namespace": "n"}],
}
REF, SUBJECTS = RoleRef(GROUP, "Role", "r"), (Subject(GROUP, "ServiceAccount", "s", "n"),)
META = Metadata(name="a", namespace="shop")
SELECTOR = {"matchLabels": {"a": "b"}, "matchExpressions": [{"key": "k", "operator": "In", "values": ["v"]}]}


@pytest.mark.parametrize(
    ("written", "view"),
    [
        ({"metadata": BINDING["metadata"], "rules": [RULE]}, Role(META, RULES)),
        (
            {"rules": [RULE], "aggregationRule": {"clusterRoleSelectors": [SELECTOR, {}]}},
            ClusterRole(
                rules=RULES,
                aggregation_rule=AggregationRule(
                    (LabelSelector({"a": "b"}, (LabelSelectorRequirement("k", "In", ("v",)),)), LabelSelector())
                ),
            ),
        ),
        ({"rules": None}, ClusterRole()),
        ({"aggregationRule": {}}, ClusterRole(aggregation_rule=AggregationRule())),
        (BINDING, RoleBinding(META, REF, SUBJECTS)),
        (BINDING, ClusterRoleBinding(META, REF, SUBJECTS)),
        (
            {
                "automountServiceAccountToken": False,
                "secrets": [{"name": "s"}],
                "imagePullSecrets": [{"name": "i"}],
            },
            ServiceAccount(
                automount_service_account_token=False,
                secrets=(SecretReference("s"),),
                image_pull_secrets=(SecretReference("i"),),
            ),
        ),
        ({}, ServiceAccount(automount_service_account_token=None)),
    ],
)
def test_objects(written: dict[str, Any], view: Any) -> None:
    assert decode(type(view), msgspec.json.encode(written)) == view


@pytest.mark.parametrize("kind", [Role, ClusterRole, RoleBinding, ClusterRoleBinding, ServiceAccount])
def test_every_field_is_the_clients(kind: type[Object]) -> None:
    seen: set[tuple[type, str]] = set()
    assert list(drift(kind, f"V1{kind.__name__}", seen)) == []
    assert len(seen) > 3


def paths(view: object) -> set[str]:
    return {render(path) for path in locate(view).values()}


def test_what_a_violation_can_point_at() -> None:
    written = {"rules": [RULE], "aggregationRule": {"clusterRoleSelectors": [SELECTOR]}}
    role = decode(ClusterRole, msgspec.json.encode(written))
    assert paths(role) == {"", "metadata", "rules[0]", "aggregationRule"}
    assert paths(decode(RoleBinding, msgspec.json.encode(BINDING))) == {"", "metadata", "roleRef", "subjects[0]"}
    secrets = {"secrets": [{"name": "s"}], "imagePullSecrets": [{"name": "i"}]}
    account = decode(ServiceAccount, msgspec.json.encode(secrets))
    assert paths(account) == {"", "metadata", "secrets[0]", "imagePullSecrets[0]"}

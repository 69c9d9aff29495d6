"""How grave each finding is, which a case does not say."""

from collections.abc import Iterator
from datetime import date
from typing import Any, TypeVar

import msgspec
import pytest

from gatewright.engine.world import ClosedWorld
from gatewright.model.cluster import Identity, Resource
from gatewright.model.meta import Metadata
from gatewright.model.pod import Raw
from gatewright.model.rbac import ClusterRoleBinding, RoleBinding
from gatewright.policy import (
    Cluster,
    Namespace,
    Policy,
    Severity,
    Store,
    V,
    ValidatingWebhookConfiguration,
    Violation,
)
from policies.cluster.anonymous_access import anonymous_access
from policies.cluster.cluster_freshness import ClusterFreshness, cluster_freshness
from policies.cluster.deprecated_api import deprecated_api
from policies.cluster.webhook_floor import WebhookFloor, webhook_floor

T = TypeVar("T")
TODAY = date(2026, 11, 24)


def severities(policy: Policy, found: Iterator[Violation]) -> list[Severity]:
    return [violation.severity or policy.severity for violation in found]


def subject(kind: type[T], **fields: Any) -> T:
    return msgspec.convert(fields, kind)


@pytest.mark.parametrize(
    ("version", "today", "severity"),
    [
        ("v2.0.0", TODAY, Severity.MEDIUM),
        ("v1.19.0", TODAY, Severity.HIGH),
        ("v1.34.0", TODAY, Severity.HIGH),
        ("v1.35.0", date(2027, 2, 1), Severity.MEDIUM),
        ("v1.35.0", TODAY, Severity.MEDIUM),
        ("v1.38.0", TODAY, Severity.LOW),
    ],
)
def test_a_server_without_patches_is_grave(version: str, today: date, severity: Severity) -> None:
    found = cluster_freshness.check(subject(Cluster, version=version), ClusterFreshness(), today)
    assert severities(cluster_freshness, found) == [severity]


def test_an_old_table_is_no_fault_of_the_cluster() -> None:
    found = cluster_freshness.check(
        subject(Cluster, version="v1.37.2"),
        ClusterFreshness.model_validate({"maxAgeMonths": 24, "warnDays": 0}),
        date(2027, 10, 1),
    )
    assert severities(cluster_freshness, found) == [Severity.LOW]


def test_a_kubelet_that_does_not_fit_is_medium() -> None:
    cluster = subject(Cluster, version="v1.37.2", nodes=[{"name": "a", "kubeletVersion": "v1.33.0"}])
    found = cluster_freshness.check(cluster, ClusterFreshness(), TODAY)
    assert severities(cluster_freshness, found) == [Severity.MEDIUM]


@pytest.mark.parametrize(
    ("api_version", "kind", "version", "severity"),
    [
        ("policy/v1beta1", "PodDisruptionBudget", V(1, 25), Severity.HIGH),
        ("policy/v1beta1", "PodDisruptionBudget", V(1, 24), Severity.MEDIUM),
        ("v1", "Endpoints", V(1, 33), Severity.LOW),
    ],
)
def test_what_is_gone_is_worse_than_what_goes(api_version: str, kind: str, version: V, severity: Severity) -> None:
    resource = Resource(Identity(), api_version, kind, None, Raw(dict))
    assert severities(deprecated_api, deprecated_api.check(resource, version)) == [severity]


def test_what_the_network_may_is_worse_than_what_every_pod_may() -> None:
    subjects = [
        {"kind": "User", "name": "system:anonymous"},
        {"kind": "Group", "name": "system:unauthenticated"},
        {"kind": "Group", "name": "system:serviceaccounts"},
    ]
    found = anonymous_access.check(subject(ClusterRoleBinding, subjects=subjects))
    assert severities(anonymous_access, found) == [Severity.HIGH, Severity.HIGH, Severity.MEDIUM]


def test_a_binding_of_a_file_without_a_namespace() -> None:
    binding = subject(
        RoleBinding,
        metadata={"name": "system:cluster-trust-bundle-discovery"},
        roleRef={"kind": "ClusterRole", "name": "system:cluster-trust-bundle-discovery"},
        subjects=[{"kind": "Group", "name": "system:serviceaccounts"}],
    )
    assert binding.metadata == Metadata(name="system:cluster-trust-bundle-discovery")
    assert [violation.message for violation in anonymous_access.check(binding)] == [
        'every ServiceAccount of the cluster gets what ClusterRole "system:cluster-trust-bundle-discovery" grants there'
    ]


EVERYTHING = {"apiGroups": ["*"], "resources": ["*"]}
PODS = {"apiGroups": [""], "resources": ["pods"], "operations": ["CREATE"]}


@pytest.mark.parametrize(
    ("webhook", "expected"),
    [
        ({"failurePolicy": "Ignore"}, [Severity.MEDIUM]),
        ({"rules": [EVERYTHING]}, [Severity.HIGH]),
        ({"rules": [EVERYTHING], "failurePolicy": "Ignore"}, [Severity.MEDIUM, Severity.MEDIUM]),
        ({"rules": [PODS]}, [Severity.MEDIUM]),
        ({"clientConfig": {"caBundle": "YQ=="}}, [Severity.HIGH]),
        ({"timeoutSeconds": 30}, [Severity.LOW]),
    ],
)
def test_a_webhook_that_can_stop_the_cluster_is_grave(webhook: dict[str, Any], expected: list[Severity]) -> None:
    namespaces: Store[Namespace] = ClosedWorld([]).store(Namespace)
    configuration = subject(ValidatingWebhookConfiguration, webhooks=[webhook])
    found = webhook_floor.check(configuration, WebhookFloor(), namespaces, TODAY)
    assert severities(webhook_floor, found) == expected

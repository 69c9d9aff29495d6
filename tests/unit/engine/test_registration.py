from pathlib import Path
from typing import Any

import yaml

from gatewright.engine.registration import rules
from gatewright.model.review import CREATE, DELETE, UPDATE
from gatewright.policy import Namespace, Pod, Policy, Violations
from tests.builders import built_in, declared

DEPLOY = Path(__file__).parent.parent.parent.parent / "deploy"


def test_the_registration_in_deploy_is_that_of_the_built_in_policies() -> None:
    registered = yaml.safe_load((DEPLOY / "base" / "webhook.yaml").read_text())["webhooks"]
    assert {webhook["name"].partition(".")[0]: webhook["rules"] for webhook in registered} == rules(
        built_in().policies.values()
    )


def anywhere(group: str, operations: list[str], *resources: str) -> dict[str, Any]:
    """A rule."""
    return {
        "apiGroups": [group],
        "apiVersions": ["v1"],
        "operations": operations,
        "resources": list(resources),
        "scope": "*",
    }


PODS = ("pods", "pods/ephemeralcontainers", "pods/resize", "podtemplates", "replicationcontrollers")
ROLES = ("clusterrolebindings", "clusterroles", "rolebindings", "roles")


def of_pods(on: set[str]) -> Policy:
    """A policy of pods for some operations."""

    def check(pod: Pod) -> Violations:
        del pod
        yield from ()

    return declared(check, on=on)


def of_namespaces() -> Policy:
    """A policy of namespaces that are deleted."""

    def check(namespace: Namespace) -> Violations:
        del namespace
        yield from ()

    return declared(check, on={DELETE})


def test_all_that_carries_a_pod_is_asked_about_for_the_operations_of_any_policy_of_pods() -> None:
    on = [CREATE, UPDATE, DELETE]
    assert rules([of_pods({DELETE, CREATE}), of_pods({UPDATE}), of_namespaces()])["workloads"] == [
        anywhere("", on, *PODS),
        anywhere("apps", on, "daemonsets", "deployments", "replicasets", "statefulsets"),
        anywhere("batch", on, "cronjobs", "jobs"),
    ]


def test_access_is_asked_about_whatever_the_policies_are() -> None:
    on = [CREATE, UPDATE]
    assert rules([of_namespaces()])["access"] == [
        anywhere("", on, "namespaces", "serviceaccounts"),
        anywhere("rbac.authorization.k8s.io", on, *ROLES),
    ]

from pathlib import Path
from typing import Any

import yaml

from gatewright.engine.registration import rules, unknown
from gatewright.model.review import CONNECT, CREATE, DELETE, UPDATE
from gatewright.policy import Connect, Namespace, Pod, Resource, Violations
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
PLACES = ("namespaces", "namespaces/finalize", "namespaces/status", "serviceaccounts")


def of_pods(pod: Pod) -> Violations:
    raise NotImplementedError


def of_namespaces(namespace: Namespace) -> Violations:
    raise NotImplementedError


def of_resources(item: Resource) -> Violations:
    raise NotImplementedError


def of_connections(connect: Connect) -> Violations:
    raise NotImplementedError


def of_both(item: Pod | Connect) -> Violations:
    raise NotImplementedError


def test_all_that_carries_a_pod_is_asked_about_for_the_operations_of_any_policy_of_pods() -> None:
    on = [CREATE, UPDATE, DELETE]
    policies = [declared(of_pods, on={DELETE, CREATE}), declared(of_pods, on={UPDATE}), declared(of_namespaces)]
    assert rules(policies)["workloads"] == [
        anywhere("", on, *PODS),
        anywhere("apps", on, "daemonsets", "deployments", "replicasets", "statefulsets"),
        anywhere("batch", on, "cronjobs", "jobs"),
    ]


def test_access_is_asked_about_whatever_the_policies_are() -> None:
    on = [CREATE, UPDATE]
    assert rules([]) == {
        "workloads": [],
        "access": [anywhere("", on, *PLACES), anywhere("rbac.authorization.k8s.io", on, *ROLES)],
    }


def test_and_for_what_a_policy_of_it_wants_besides() -> None:
    on, policies = [CREATE, UPDATE], [declared(of_namespaces, on={DELETE})]
    policies += [declared(of_resources, kinds={"Role.rbac.authorization.k8s.io"}, on={CREATE, DELETE})]
    assert rules(policies) == {
        "workloads": [],
        "access": [
            anywhere("", on, *PLACES[1:]),
            anywhere("", [*on, DELETE], PLACES[0]),
            anywhere("rbac.authorization.k8s.io", on, *ROLES[:3]),
            anywhere("rbac.authorization.k8s.io", [*on, DELETE], ROLES[3]),
        ],
    }


def test_what_is_connected_to_is_asked_about_where_a_policy_is_of_it() -> None:
    connections = ("nodes/proxy", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "services/proxy")
    assert rules([declared(of_connections, on={CONNECT})])["workloads"] == [anywhere("", [CONNECT], *connections)]
    assert rules([declared(of_both, on={CONNECT, CREATE})])["workloads"] == [
        anywhere("", [CONNECT], *connections),
        anywhere("", [CREATE], *PODS),
        anywhere("apps", [CREATE], "daemonsets", "deployments", "replicasets", "statefulsets"),
        anywhere("batch", [CREATE], "cronjobs", "jobs"),
    ]


def test_built_in_kinds_are_asked_about_by_their_resources() -> None:
    kinds = {"Ingress.networking.k8s.io", "NetworkPolicy.networking.k8s.io", "Secret", "Endpoints", "Pod"}
    assert rules([declared(of_resources, kinds=kinds, subresources={"status"})])["workloads"] == [
        anywhere(
            "",
            [CREATE, UPDATE],
            *("endpoints", "endpoints/status", "pods", "pods/status", "secrets", "secrets/status"),
        ),
        anywhere(
            "networking.k8s.io",
            [CREATE, UPDATE],
            *("ingresses", "ingresses/status", "networkpolicies", "networkpolicies/status"),
        ),
    ]


def test_of_a_workload_a_subresource_is_and_of_a_pod_only_one_that_carries_a_pod() -> None:
    registered = rules([declared(of_pods, subresources={"status", "shiny"})])["workloads"]
    resources = [resource for rule in registered for resource in rule["resources"]]
    assert {"deployments/status", "deployments/shiny", "pods/shiny"} <= set(resources)
    assert "pods/status" not in resources


def test_a_kind_whose_resource_is_not_known_is_told() -> None:
    policies = [declared(of_resources, kinds={"Widget.example.org", "Secret"}), declared(of_pods)]
    how = "the resource of this kind is not known; add a rule by hand, with apiGroups"
    rest = "and the resources that `kubectl api-resources --api-group="
    assert [str(one) for one in unknown(policies, ["Rollout.argoproj.io"])] == [
        f'Rollout.argoproj.io (templates): {how} ["argoproj.io"] {rest}argoproj.io` prints for Rollout',
        f'Widget.example.org (policy of-resources): {how} ["example.org"] {rest}example.org` prints for Widget',
    ]
    assert [rule["apiGroups"] for rule in rules(policies[:1])["workloads"]] == [[""]]

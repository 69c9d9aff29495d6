"""Which requests a policy is asked about, and where an override holds."""

import pytest

from gatewright.engine.decision import Decision
from gatewright.engine.match import Target, holds, view_of
from gatewright.engine.settings import Condition
from gatewright.model.pod import TEMPLATES
from gatewright.model.review import CONNECT, CREATE, DELETE, UPDATE, AdmissionRequest, Kind, UserInfo
from gatewright.policy import Connect, Namespace, Pod, Policy, Resource, Violations
from tests.builders import PRIVILEGED, declared, engine, namespace, pod, request, workload


def on_pods(pod: Pod) -> Violations:
    raise NotImplementedError


def on_namespaces(namespace: Namespace) -> Violations:
    raise NotImplementedError


def on_both(item: Pod | Namespace) -> Violations:
    raise NotImplementedError


def on_ingresses(item: Resource) -> Violations:
    raise NotImplementedError


def on_connects(connect: Connect) -> Violations:
    raise NotImplementedError


PODS = declared(on_pods)
SCALED = declared(on_pods, subresources={"status"})
DELETED = declared(on_pods, on={DELETE})
INGRESSES = declared(on_ingresses, kinds={"Ingress.networking.k8s.io", "Secret"})
CONNECTS = declared(on_connects, on={CONNECT})


@pytest.mark.parametrize(
    ("policy", "target", "view"),
    [
        (PODS, Target("Pod", CREATE, ""), Pod),
        (PODS, Target("Pod", UPDATE, ""), Pod),
        (PODS, Target("Pod", DELETE, ""), None),
        (PODS, Target("Pod", UPDATE, "ephemeralcontainers"), Pod),
        (PODS, Target("Pod", UPDATE, "resize"), Pod),
        (PODS, Target("Pod", UPDATE, "shiny"), Pod),
        *((PODS, Target("Pod", UPDATE, name), None) for name in ("attach", "binding", "eviction", "exec", "log")),
        *((PODS, Target("Pod", UPDATE, name), None) for name in ("portforward", "proxy", "status")),
        (PODS, Target("Binding", CREATE, "binding"), None),
        (PODS, Target("Eviction.policy", CREATE, "eviction"), None),
        (PODS, Target("PodExecOptions", CONNECT, "exec"), None),
        (PODS, Target("Deployment.apps", CREATE, ""), Pod),
        (PODS, Target("Deployment.apps", UPDATE, "status"), None),
        (PODS, Target("Scale.autoscaling", UPDATE, "scale"), None),
        (PODS, Target("Deployment.example.org", CREATE, ""), None),
        (PODS, Target("Pod.example.org", CREATE, ""), None),
        (PODS, Target("Rollout.argoproj.io", CREATE, ""), Pod),
        (SCALED, Target("Deployment.apps", UPDATE, "status"), Pod),
        (DELETED, Target("Pod", DELETE, ""), Pod),
        (DELETED, Target("Pod", CREATE, ""), None),
        (declared(on_namespaces), Target("Namespace", CREATE, ""), Namespace),
        (declared(on_namespaces), Target("Namespace", UPDATE, "finalize"), Namespace),
        (declared(on_namespaces), Target("Namespace", UPDATE, "status"), Namespace),
        (declared(on_namespaces), Target("Namespace", UPDATE, "shiny"), None),
        (declared(on_namespaces), Target("Namespace", DELETE, "status"), None),
        (declared(on_namespaces), Target("Pod", UPDATE, "finalize"), None),
        (declared(on_namespaces), Target("Pod", CREATE, ""), None),
        (declared(on_both), Target("Namespace", CREATE, ""), Namespace),
        (declared(on_both), Target("Job.batch", CREATE, ""), Pod),
        (INGRESSES, Target("Ingress.networking.k8s.io", CREATE, ""), Resource),
        (INGRESSES, Target("Ingress.extensions", CREATE, ""), None),
        (INGRESSES, Target("Secret", CREATE, ""), Resource),
        (CONNECTS, Target("PodExecOptions", CONNECT, "exec"), Connect),
        (CONNECTS, Target("NodeProxyOptions", CONNECT, "proxy"), Connect),
        (CONNECTS, Target("Pod", CREATE, ""), None),
    ],
)
def test_what_a_policy_judges(policy: Policy, target: Target, view: type | None) -> None:
    assert view_of(policy, target, TEMPLATES | {"Rollout.argoproj.io": ("spec", "template")}) is view


@pytest.mark.parametrize(
    ("review", "is_judged"),
    [
        (request(pod(PRIVILEGED)), True),
        (request(pod(PRIVILEGED), pod(), subresource="shiny"), False),  # it starts nothing new
        (request(pod(PRIVILEGED), pod({"spec.containers[0].image": "x"}), subresource="shiny"), True),
        (request(pod(PRIVILEGED), pod({"spec.containers[0].image": "x"}), subresource="status"), False),
        (request(None, pod(PRIVILEGED)), False),
        (request({"apiVersion": "autoscaling/v1", "kind": "Scale"}, {}, subresource="scale"), False),
        (request({"apiVersion": "v1", "kind": "Binding"}, subresource="binding"), False),
        (request({"apiVersion": "v1", "kind": "PodExecOptions"}, operation=CONNECT, subresource="exec"), False),
        (request(workload("Deployment", PRIVILEGED), subresource="status"), False),
    ],
)
def test_what_pod_security_judges(review: AdmissionRequest, is_judged: bool) -> None:
    assert engine().judge(review).allowed is not is_judged


@pytest.mark.parametrize("subresource", ["finalize", "status"])
def test_labels_count_by_whichever_way_they_come_and_deletion_is_in_nobodys_way(subresource: str) -> None:
    valid, invalid = namespace(enforce="baseline"), namespace(enforce="lax")
    by = engine()
    assert not by.judge(request(invalid, valid, subresource=subresource)).allowed
    assert by.judge(request(valid, invalid, subresource=subresource)).findings == ()
    gone = invalid | {"spec": {"finalizers": []}, "status": {"phase": "Terminating"}}
    assert by.judge(request(gone, invalid, subresource=subresource)).findings == ()


def test_what_concerns_nobody_is_allowed_without_a_look() -> None:
    assert engine().judge(request(b"no JSON", kind=Kind("", "v1", "Secret"))) == Decision()
    assert engine("policies: {'*': off}", objects=[]).judge(request(namespace(enforce="x"))) == Decision()


REVIEW = AdmissionRequest(
    uid="1",
    kind=Kind("apps", "v1", "Deployment"),
    namespace="shop",
    name="web-1",
    operation=UPDATE,
    user_info=UserInfo("system:serviceaccount:ci:robot", "", ("system:authenticated", "ci")),
)
LABELS = {"tier": "production", "team": "shop"}


@pytest.mark.parametrize(
    ("condition", "is_held"),
    [
        ({}, True),
        ({"namespaces": "shop"}, True),
        ({"namespaces": ["s*", "x"]}, True),
        ({"namespaces": ["sho", "Shop"]}, False),
        ({"namespaces": []}, False),
        ({"namespaceLabels": {"tier": "production"}}, True),
        ({"namespaceLabels": {"tier": "production", "team": "x"}}, False),
        ({"namespaceLabels": {"tier": "prod*"}}, False),
        ({"namespaceLabels": {"shiny": ""}}, False),
        ({"namespaceLabels": {}}, True),
        ({"kinds": "Deployment"}, True),
        ({"kinds": "apps/*"}, True),
        ({"kinds": "extensions/Deployment"}, False),
        ({"kinds": "deployment"}, False),
        ({"names": "web-?"}, True),
        ({"names": "web"}, False),
        ({"operations": ["CREATE", "UPDATE"]}, True),
        ({"operations": "CREATE"}, False),
        ({"users": "system:serviceaccount:ci:*"}, True),
        ({"users": "robot"}, False),
        ({"groups": ["ci", "x"]}, True),
        ({"groups": "admin*"}, False),
        ({"groups": []}, False),
        ({"namespaces": "shop", "users": "*:robot", "groups": "ci"}, True),
        ({"namespaces": "shop", "users": "*:robot", "groups": "x"}, False),
    ],
)
def test_where_a_condition_holds(condition: dict[str, object], is_held: bool) -> None:
    assert holds(Condition.model_validate(condition), REVIEW, REVIEW.name, LABELS) is is_held


def test_nobody_is_in_no_group() -> None:
    nobody = AdmissionRequest(uid="1")
    assert not holds(Condition.model_validate({"groups": "*"}), nobody, "", {})
    assert not holds(Condition.model_validate({"users": "?*"}), nobody, "", {})

"""The message of a denial, whole."""

from typing import Any

import pytest

from gatewright.engine import message
from gatewright.engine.engine import Engine
from gatewright.policy import Pod, Violation, Violations
from tests.builders import PRIVILEGED, Object, declared, engine, engine_of, pod, request, workload

STRICT = engine("profile: strict")
WHY = "Why, and what is allowed: gatewright policies"


def denial(item: Any, by: Engine = STRICT, old: Any = None, **options: Any) -> str:
    review = request(item, old, **options)
    decision = by.judge(review)
    assert not decision.allowed
    return message.denial(review, *message.violations(decision, len(message.warnings(decision))))


def test_one_violation() -> None:
    assert (
        denial(pod(PRIVILEGED))
        == f"""\
Pod shop/web: 1 violation [decision ogq4gfko]
 1. privileged (high): container "app" runs privileged
    at spec.containers[0].securityContext.privileged = true
    fix: set it to false
{WHY} privileged"""
    )


def test_many_violations_the_worst_first() -> None:
    offences: Object = {
        "spec.hostNetwork": True,
        "spec.securityContext": {"runAsUser": 0, "seccompProfile": {"type": "Unconfined"}},
        "spec.containers[0].ports": [{"hostPort": 8080}],
        "spec.containers[0].securityContext.capabilities.drop": None,
        "spec.volumes": [{"name": "data", "hostPath": {"path": "/"}}],
    }
    assert (
        denial(workload("Deployment", offences))
        == f"""\
Deployment shop/web: 6 violations [decision ogq4gfko]
 1. host-ports (high): container "app" uses host port 8080
    at spec.template.spec.containers[0].ports[0].hostPort = 8080
    fix: remove it
 2. host-namespaces (high): the pod must not set hostNetwork to true
    at spec.template.spec.hostNetwork = true
    fix: set it to false
 3. restricted-volumes (high): volume "data" must not be of type "hostPath"
    at spec.template.spec.volumes[0].hostPath
 4. capabilities-restricted (medium): container "app" must drop capability ALL
    at spec.template.spec.containers[0].securityContext.capabilities.drop
    fix: add "ALL"
 5. run-as-user (medium): the pod must not set securityContext.runAsUser to 0
    at spec.template.spec.securityContext.runAsUser = 0
    fix: remove it
 6. seccomp-profile-restricted (medium): the pod must not set securityContext.seccompProfile.type to "Unconfined"
    at spec.template.spec.securityContext.seccompProfile.type = "Unconfined"
    fix: set it to "RuntimeDefault"
{WHY} host-ports"""
    )


def running(*names: str, **context: Any) -> Object:
    return pod({"spec.containers": [{"name": name, "securityContext": context} for name in names]})


def test_alike_violations_of_several_containers_are_told_as_one() -> None:
    by = engine("policies: {'*': off, privileged: enforce, host-ports: enforce}")
    item = running("a", "b", privileged=True)
    init = {"name": "init", "securityContext": {"privileged": True}, "ports": [{"hostPort": 1}]}
    item["spec"]["initContainers"] = [init]
    assert (
        denial(item, by)
        == f"""\
Pod shop/web: 2 violations [decision ogq4gfko]
 1. privileged (high): containers "a", "b", "init" run privileged
    at spec.containers[0].securityContext.privileged = true
    at spec.containers[1].securityContext.privileged = true
    at spec.initContainers[0].securityContext.privileged = true
    fix: set it to false
 2. host-ports (high): container "init" uses host port 1
    at spec.initContainers[0].ports[0].hostPort = 1
    fix: remove it
{WHY} privileged"""
    )


def test_of_many_containers_five_are_named() -> None:
    by = engine("policies: {'*': off, privileged: enforce}")
    assert (
        denial(running(*"abcdefg", privileged=True), by)
        == f"""\
Pod shop/web: 1 violation [decision ogq4gfko]
 1. privileged (high): containers "a", "b", "c", "d", "e" and 2 more run privileged
    at spec.containers[0].securityContext.privileged = true
    at spec.containers[1].securityContext.privileged = true
    at spec.containers[2].securityContext.privileged = true
    at spec.containers[3].securityContext.privileged = true
    at spec.containers[4].securityContext.privileged = true
    at 2 more places
    fix: set it to false
{WHY} privileged"""
    )


def test_one_containers_violations_in_several_places_are_not_merged_away() -> None:
    item = pod({"spec.containers[0].ports": [{"hostPort": 80}, {"hostPort": 80, "protocol": "UDP"}, {"hostPort": 81}]})
    assert (
        denial(item)
        == f"""\
Pod shop/web: 2 violations [decision ogq4gfko]
 1. host-ports (high): container "app" uses host port 80
    at spec.containers[0].ports[0].hostPort = 80
    at spec.containers[0].ports[1].hostPort = 80
    fix: remove it
 2. host-ports (high): container "app" uses host port 81
    at spec.containers[0].ports[2].hostPort = 81
    fix: remove it
{WHY} host-ports"""
    )


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("runs privileged", "run privileged"),
        ("uses port 1", "use port 1"),
        ("must drop ALL", "must drop ALL"),
        ("is old", "are old"),
        ("has no limit", "have no limit"),
        ("does not say", "do not say"),
        ("goes too far", "go too far"),
        ("matches nothing", "match nothing"),
        ("publishes port 1", "publish port 1"),
        ("passes it on", "pass it on"),
        ("fixes its user", "fix its user"),
        ("carries a secret", "carry a secret"),
        ("exposes itself", "expose itself"),
        ("can do it", "can do it"),
        ("adds", "add"),
    ],
)
def test_the_verb_follows_the_number(one: str, many: str) -> None:
    def verbs(pod: Pod) -> Violations:
        for container in pod.containers:
            yield Violation(container, "image", f"{container.label} {one}")

    by = engine_of(declared(verbs))
    assert denial(running("a", "b"), by).splitlines()[1] == f' 1. verbs (medium): containers "a", "b" {many}'


def test_the_rest_past_a_kilobyte_and_a_half_is_counted() -> None:
    ports = [{"hostPort": port} for port in range(1, 101)]
    text = denial(pod({"spec.containers[0].ports": ports}))
    first = """\
Pod shop/web: 100 violations [decision ogq4gfko]
 1. host-ports (high): container "app" uses host port 1
    at spec.containers[0].ports[0].hostPort = 1
    fix: remove it
"""
    last = f"""
+89 more: gatewright scan FILE lists them all
{WHY} host-ports"""
    assert text.startswith(first)
    assert text.endswith(last)
    assert len(text) < 1700
    assert text.count("\n    fix: ") == 11


def test_a_place_can_be_no_longer_than_a_few_lines() -> None:
    def keyed(pod: Pod) -> Violations:
        for key in pod.metadata.annotations:
            yield Violation(pod.metadata, ("annotations", key), "so")

    text = denial(pod({"metadata.annotations": {"k" * 10**6: "v"}}), engine_of(declared(keyed)))
    assert text.splitlines()[2] == f"    at metadata.annotations.{'k' * 228}…"
    assert len(text) < 500


def test_a_name_can_be_no_longer_than_a_few_lines() -> None:
    item = pod(PRIVILEGED | {"metadata.name": "n" * 5_000})
    head, *rest = denial(item, engine()).splitlines()
    assert head == f"Pod shop/{'n' * 390}…: 1 violation [decision ogq4gfko]"
    assert rest == denial(pod(PRIVILEGED), engine()).splitlines()[1:]


def test_warnings_are_counted_and_travel_as_warnings() -> None:
    offences = PRIVILEGED | {"spec.containers[0].securityContext.runAsNonRoot": None}
    assert denial(pod(offences), engine()).splitlines()[0] == "Pod shop/web: 1 violation, 1 warning [decision ogq4gfko]"

"""How what others wrote is shown, and what of it never is."""

from typing import Any

import pytest

from gatewright.engine import message
from gatewright.engine.decision import Decision, Failure, Finding, Mode, decision_of
from gatewright.model.path import parse
from gatewright.model.review import AdmissionRequest, Kind
from gatewright.policy import REMOVE, Append, Pod, Set, Severity, Violation, Violations
from tests.builders import NOTHING, Object, declared, engine, pod, request
from tests.builders import namespace as space
from tests.unit.engine.test_denial import STRICT, WHY, denial, running

DEBUG = {"spec.ephemeralContainers": [{"name": "debug", "image": "x", "securityContext": {"privileged": True}}]}


def test_a_subresource_is_named() -> None:
    by = engine("policies: {'*': off, privileged: enforce}")
    assert (
        denial(pod(DEBUG), by, pod(), subresource="ephemeralcontainers")
        == f"""\
Pod shop/web (ephemeralcontainers): 1 violation [decision ogq4gfko]
 1. privileged (high): container "debug" runs privileged
    at spec.ephemeralContainers[0].securityContext.privileged = true
    fix: set it to false
{WHY} privileged"""
    )


@pytest.mark.parametrize(
    ("review", "subject"),
    [
        (request(pod()), "Pod shop/web"),
        (request(pod({"metadata.name": None, "metadata.generateName": "web-"})), "Pod shop/web-*"),
        (request(pod({"metadata.generateName": "web-"}), name=""), "Pod shop/web"),
        (request(pod({"metadata.name": None})), "Pod shop/(unnamed)"),
        (request(b"{", name="", within="shop"), "Pod shop/(unnamed)"),
        (request(None, pod(), name=""), "Pod shop/web"),
        (request(pod({"metadata.namespace": None})), "Pod web"),
        (request(space("shop")), "Namespace shop"),
        (request({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"}}), "Node n1"),
        (request(pod({"metadata.name": "a\u202eb\n"})), r"Pod shop/a\u202eb\u000a"),
    ],
)
def test_what_is_judged_is_named_as_it_was_sent(review: AdmissionRequest, subject: str) -> None:
    assert message.subject(review) == subject


def test_the_kind_that_was_sent_counts_and_not_the_one_it_was_converted_to() -> None:
    review = AdmissionRequest("1", Kind("apps", "v1", "Deployment"), request_kind=Kind("x", "v1", "Web"), name="a")
    assert message.subject(review) == "Web a"


HOSTILE = 'a"\u202eb\x1b[2J\n' + "x" * 100


def test_a_container_can_be_called_anything() -> None:
    lines = denial(running(HOSTILE, privileged=True), engine("policies: {'*': off, privileged: enforce}")).splitlines()
    shown = r"a\"\u202eb\u001b[2J\u000a" + "x" * 70 + "…"
    assert lines[1] == f' 1. privileged (high): container "{shown}" runs privileged'
    assert len(lines) == 5


CANARY = "canary-9f2c"
SECRETS: Object = {
    "metadata.annotations": {"a": CANARY, "container.apparmor.security.beta.kubernetes.io/app": CANARY},
    "metadata.labels": {"a": CANARY},
    "spec.containers[0].env": [{"name": "A", "value": CANARY}],
    "spec.containers[0].args": [CANARY],
    "spec.containers[0].command": [CANARY],
    "spec.containers[0].lifecycle.postStart": {"exec": {"command": [CANARY]}, "httpGet": {"host": "1.2.3.4"}},
    "spec.containers[0].securityContext": {"privileged": True, "capabilities": {"add": ["SYS_ADMIN"]}},
    "spec.securityContext.sysctls": [{"name": "kernel.msgmax", "value": CANARY}],
    "spec.volumes": [{"name": "a", "hostPath": {"path": f"/{CANARY}"}}],
}


@pytest.mark.parametrize(
    "changes", [SECRETS, SECRETS | {"spec.hostPID": CANARY}, SECRETS | {"metadata.labels": CANARY}]
)
def test_no_value_of_env_args_command_annotations_labels_or_data_is_repeated(changes: Object) -> None:
    for by in (STRICT, engine("profile: observe")):
        review = request(pod(changes))
        decision = by.judge(review)
        assert decision.findings
        said = [
            message.denial(review, *message.violations(decision, 0)),
            *message.warnings(decision),
            *message.annotations(decision).values(),
        ]
        assert CANARY not in str([*said, *message.causes(decision)])


def one(path: str = "spec", *, fix: Any = None, value: Any = None, failure: Failure | None = None) -> Decision:
    return decision_of([Finding("x", Severity.LOW, Mode.ENFORCE, parse(path), "so", fix, value, failure=failure)])


@pytest.mark.parametrize(
    ("decision", "lines"),
    [
        (one(fix=Set(False)), ["at spec", "fix: set it to false"]),
        (one(fix=Set("a\u202e")), ["at spec", r'fix: set it to "a\u202e"']),
        (one(fix=Set(["ALL"])), ["at spec", 'fix: set it to ["ALL"]']),
        (one(fix=Set({"a": None})), ["at spec", 'fix: set it to {"a": null}']),
        (one(fix=Append("ALL")), ["at spec", 'fix: add "ALL"']),
        (one(fix=REMOVE), ["at spec", "fix: remove it"]),
        (one(value=0), ["at spec = 0"]),
        (one(value=False), ["at spec = false"]),
        (one(value='a"\n'), [r'at spec = "a\"\u000a"']),
        (one("metadata.labels[a/b\u202e]"), [r"at metadata.labels[a/b\u202e]"]),
        (one(""), []),
    ],
)
def test_places_values_and_fixes(decision: Decision, lines: list[str]) -> None:
    text = message.denial(request(pod(NOTHING)), *message.violations(decision, 0))
    assert text.splitlines() == [
        "Pod shop/web: 1 violation [decision ogq4gfko]",
        " 1. x (low): so",
        *(f"    {line}" for line in lines),
        f"{WHY} x",
    ]


def test_causes_are_one_a_violation() -> None:
    decision = STRICT.judge(
        request(running("a", "b", privileged=True, runAsNonRoot=True, allowPrivilegeEscalation=False))
    )
    assert message.causes(decision)[:2] == [
        {
            "field": f"spec.containers[{index}].securityContext.privileged",
            "reason": "privileged",
            "message": f'container "{name}" runs privileged',
        }
        for index, name in enumerate("ab")
    ]
    assert len(message.causes(decision)) == len(decision.findings)


def test_of_very_many_offences_the_checks_are_named_and_no_warning_is_lost() -> None:
    def pinned(pod: Pod) -> Violations:
        for container in pod.containers:
            yield Violation(container, "image", f"{container.label} is not pinned")

    volumes = [{"name": f"v{number}", "nfs": {"server": "a", "path": "/"}} for number in range(80)]
    item = pod({"spec.volumes": volumes, "spec.containers[0].securityContext.runAsNonRoot": None})
    review = request(item)
    by = engine("policies: {'*': warn}", declared(pinned))
    first, second = message.warnings(by.judge(review))
    named = ", ".join(f'volume "v{number}" must not be of type "nfs"' for number in range(5))
    assert first == (
        'would violate PodSecurity "restricted:latest": '
        f"restricted volume types ({named} and 75 more), "
        'runAsNonRoot != true (container "app" must set securityContext.runAsNonRoot to true)'
    )
    assert second == 'pinned: container "app" is not pinned (at spec.containers[0].image)'

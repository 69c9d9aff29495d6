"""Warnings and audit annotations, whole."""

from typing import Any

import pytest

from gatewright.engine import message
from gatewright.engine.decision import Decision, Failure, Finding, Mode, decision_of
from gatewright.engine.engine import Engine
from gatewright.model.path import parse
from gatewright.policy import REMOVE, Level, Pod, Set, Severity, Violation, Violations
from tests.builders import PRIVILEGED, Object, changed, declared, engine, engine_of, namespace, pod, request, workload


def warnings(item: Any, by: Engine) -> list[str]:
    return message.warnings(by.judge(request(item)))


def test_a_bare_deployment_warns_as_upstream_would() -> None:
    bare = changed(workload("Deployment"), {"spec.template.spec.containers": [{"name": "nginx", "image": "nginx"}]})
    app = 'container "nginx" must'
    reasons = [
        f"allowPrivilegeEscalation != false ({app} set securityContext.allowPrivilegeEscalation to false)",
        f"unrestricted capabilities ({app} drop capability ALL)",
        f"runAsNonRoot != true ({app} set securityContext.runAsNonRoot to true)",
        f"seccompProfile ({app} set securityContext.seccompProfile.type to RuntimeDefault or Localhost)",
    ]
    assert warnings(bare, engine()) == [f'would violate PodSecurity "restricted:latest": {", ".join(reasons)}']


def test_containers_are_joined() -> None:
    containers = [{"name": name, "securityContext": {"privileged": True}} for name in ("a", "b")]
    by = engine("policies: {'*': off, privileged: warn, run-as-non-root: warn}")
    (line,) = warnings(pod({"spec.containers": containers}), by)
    assert line == (
        'would violate PodSecurity "restricted:latest": privileged (containers "a", "b" run privileged), '
        'runAsNonRoot != true (containers "a", "b" must set securityContext.runAsNonRoot to true)'
    )


def test_the_level_is_the_strictest_that_has_findings() -> None:
    by = engine("policies: {pod_security/*: warn}")
    assert warnings(pod(PRIVILEGED), by) == [
        'would violate PodSecurity "baseline:latest": privileged (container "app" runs privileged)'
    ]


def test_each_version_has_a_line() -> None:
    labels = {"enforce": "privileged", "warn": "baseline", "warn_version": "v1.30"}
    by = engine("policies: {host-namespaces: warn}", objects=[namespace(**labels)])
    assert warnings(pod(PRIVILEGED | {"spec.hostPID": True}), by) == [
        'would violate PodSecurity "baseline:latest": host namespaces (the pod must not set hostPID to true)',
        'would violate PodSecurity "baseline:v1.30": privileged (container "app" runs privileged)',
    ]


def pinned(pod: Pod) -> Violations:
    for container in pod.containers:
        yield Violation(container, "image", f"{container.label} is not pinned", fix=Set("sha256:1"))


def test_a_policy_of_no_level_has_a_line_with_its_id_first_and_its_fix_soon() -> None:
    by = engine_of(declared(pinned), mode=Mode.WARN)
    assert warnings(pod(), by) == [
        'pinned: container "app" is not pinned; fix: set it to "sha256:1" (at spec.containers[0].image)'
    ]
    several = pod({"spec.containers": [{"name": name} for name in "abcdefg"]})
    (line,) = warnings(several, by)
    assert line == (
        'pinned: containers "a", "b", "c", "d", "e" and 2 more are not pinned; fix: set it to "sha256:1" '
        "(at spec.containers[0].image and 6 more)"
    )


def test_the_fix_is_within_the_first_120_characters_however_long_the_names_are() -> None:
    by = engine_of(declared(pinned), mode=Mode.WARN)
    names = [f"{letter * 63}" for letter in "ab"]
    (line,) = warnings(pod({"spec.containers": [{"name": name} for name in names]}), by)
    assert line == (
        f'pinned: fix: set it to "sha256:1"; containers "{names[0]}", "{names[1]}" are not pinned '
        "(at spec.containers[0].image and 1 more)"
    )


def graded(pod: Pod) -> Violations:
    yield Violation(pod.metadata, "name", "the name is short", severity=Severity.LOW, fix=REMOVE)
    yield Violation(pod.spec, "nodeName", "the node is chosen", severity=Severity.HIGH)


def test_a_policy_has_one_line_however_its_findings_are_ordered() -> None:
    by = engine_of(declared(graded), declared(pinned), mode=Mode.WARN)
    assert warnings(pod(), by) == [
        "graded: the node is chosen, the name is short (at spec.nodeName and 1 more)",
        'pinned: container "app" is not pinned; fix: set it to "sha256:1" (at spec.containers[0].image)',
    ]


def broken(pod: Pod) -> Violations:
    yield Violation(pod.spec, "nodeName", "so")
    raise ValueError


def test_failures_come_last_and_are_not_joined_with_checks() -> None:
    checked = declared(broken, level=Level.BASELINE, reason="broken")
    by = engine("policies: {'*': off, privileged: warn, broken: warn}", checked)
    assert warnings(pod(PRIVILEGED), by) == [
        'would violate PodSecurity "baseline:latest": privileged (container "app" runs privileged)',
        "GW001: gatewright could not decide (broken raised ValueError); this is not a fault of your manifest",
    ]


def finding(policy: str, text: str, path: str = "spec") -> Finding:
    return Finding(policy, Severity.LOW, Mode.WARN, parse(path), text)


def test_all_warnings_together_stay_below_what_the_api_server_drops() -> None:
    findings = [finding(f"p{number:02}", "x" * 400) for number in range(20)]
    lines = message.warnings(decision_of(findings))
    assert lines == [
        *(f"p{number:02}: {'x' * 400} (at spec)" for number in range(9)),
        "+11 more warnings: gatewright scan FILE lists them all",
    ]
    assert sum(map(len, lines)) < 4096


@pytest.mark.parametrize(
    ("lengths", "lines"),
    [
        ([9000], 1),
        ([2000, 2000], 2),
        ([2000, 9000], 2),
        ([2000, 2000, 10], 2),
    ],
)
def test_the_cap_is_4000_characters(lengths: list[int], lines: int) -> None:
    around = len("p0:  (at spec)")
    findings = [finding(f"p{number}", "x" * (length - around)) for number, length in enumerate(lengths)]
    said = message.warnings(decision_of(findings))
    more = [] if lines == len(lengths) else ["+1 more warning: gatewright scan FILE lists them all"]
    assert said[lines:] == more
    assert max(map(len, said)) <= 2000  # a longer one is cut: the reasons that it begins with are worth most


def test_a_warning_is_one_line_without_control_characters() -> None:
    hostile = "a\nb\x1b[2J\u202e"
    decision = Decision(
        decision_of([finding("p", f"name {hostile}", f"metadata.labels[{hostile}]")]).findings, (f"pod {hostile}",)
    )
    shown = r"a\u000ab\u001b[2J\u202e"
    # a path shows its steps as they are, so that brackets in a name stay
    assert message.warnings(decision) == [f"p: name {shown} (at metadata.labels[{shown}])", f"pod {shown}"]


def test_notes_are_warnings() -> None:
    assert message.warnings(Decision((), ("a", "b"))) == ["a", "b"]


def annotated(item: Object, by: Engine) -> dict[str, str]:
    return message.annotations(by.judge(request(item)))


def test_nothing_is_annotated_where_nothing_was_found() -> None:
    assert annotated(pod(), engine("profile: strict")) == {}


PORT = "spec.containers[0].ports[0].hostPort"


def test_what_is_annotated() -> None:
    text = "policies: {'*': audit, privileged: enforce, host-namespaces: enforce, sysctls: warn}"
    item = pod(
        PRIVILEGED
        | {
            "spec.hostPID": True,
            "spec.securityContext.sysctls": [{"name": "kernel.msgmax"}],
            "spec.securityContext.runAsUser": 0,
            "spec.containers[0].securityContext.runAsUser": 0,
            "spec.containers[0].ports": [{"hostPort": 80}],
        }
    )
    assert annotated(item, engine(text)) == {
        "denied": "privileged, host-namespaces",
        "host-ports": f'container "app" uses host port 80; fix: remove it (at {PORT} = 80)',
        "run-as-user": (
            "fix: remove it; "
            'container "app" must not set securityContext.runAsUser to 0, the pod must not set '
            "securityContext.runAsUser to 0 (at spec.containers[0].securityContext.runAsUser = 0 and 1 more)"
        ),
    }


def test_a_failure_under_audit_is_annotated() -> None:
    assert annotated(pod(), engine_of(declared(broken), mode=Mode.AUDIT)) == {
        "broken": "gatewright could not decide (broken raised ValueError); this is not a fault of your manifest",
    }
    malformed = pod({"spec.hostPID": 1})
    assert annotated(malformed, engine_of(declared(broken), mode=Mode.AUDIT)) == {
        "GW002": "gatewright could not decide (spec.hostPID must be a boolean, not an integer) (at spec.hostPID)",
    }


def test_what_only_warns_is_not_annotated() -> None:
    assert annotated(pod(), engine_of(declared(pinned), mode=Mode.WARN)) == {}


def test_a_denial_names_its_failures() -> None:
    failure = Finding("GW004", Severity.HIGH, Mode.ENFORCE, (), "x", failure=Failure.NAMESPACE)
    assert message.annotations(decision_of([failure])) == {"denied": "GW004"}

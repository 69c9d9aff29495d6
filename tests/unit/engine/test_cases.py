"""Files of policy cases, as `gatewright test` runs them."""

from gatewright.engine.cases import Outcome, run
from gatewright.engine.reading import the_document
from gatewright.policy import (
    REMOVE,
    Append,
    KubernetesVersion,
    Params,
    Pod,
    Policy,
    Set,
    V,
    Violation,
    Violations,
)
from tests.builders import catalog, declared


class Limits(Params):
    most: int = 1
    names: list[str] = []


def limited(pod: Pod, params: Limits, version: KubernetesVersion) -> Violations:
    """At most so many containers have a name that is not expected."""
    for container in pod.containers[params.most :]:
        if container.name not in params.names:
            yield Violation(container, "name", f"{container.label} is one too many at {version}", fix=Set("app"))


def outcomes(text: str, *policies: Policy) -> list[Outcome]:
    known = policies or (declared(limited),)
    return list(run(the_document(text.encode(), "cases.yaml"), catalog(*known)))


def failures(text: str, *policies: Policy) -> list[str]:
    return [failure for outcome in outcomes(text, *policies) for failure in outcome.failures]


def test_outcomes() -> None:
    ran = outcomes("""
apiVersion: gatewright/v1
policy: limited
cases:
  - name: one is fine
    set: {metadata.labels.a: b}
  - name: a second one
    set: {"spec.containers[1]": {name: second}}
    kinds: [Pod]
    params: {most: 2}
""")
    assert [(one.policy, one.name, one.source, one.line, one.expects_findings) for one in ran] == [
        ("limited", "one is fine", "cases.yaml", 5, False),
        ("limited", "a second one", "cases.yaml", 7, False),
    ]
    assert [one.objects for one in ran] == [10, 3]
    assert ran[0].failures == ()


def test_what_is_missing_and_what_is_too_much() -> None:
    text = """
policy: limited
cases:
  - name: two, and another one expected
    kinds: [Job]
    set: {spec.containers: [{name: a}, {name: b}]}
    expect: {"spec.containers[0].name": so}
"""
    assert failures(text) == [
        "Job, containers: not found: spec.containers[0].name: so",
        'Job, containers: not expected: spec.containers[1].name: container "b" is one too many at v1.37',
        "Job, containers: the fix at spec.containers[1].name does not mend it",
    ]


def test_the_version_and_the_parameters_are_the_cases() -> None:
    text = """
policy: limited
cases:
  - name: at a version
    kinds: [Pod]
    version: v1.20
    params: {names: app}
    set: {"spec.containers": [{name: app}, {name: app}, {name: b}]}
    expect: {"spec.containers[2].name": container "b" is one too many at v1.20}
"""
    assert failures(text) == []


def twice(pod: Pod) -> Violations:
    for message in ("first", "second", "second"):
        yield Violation(pod.spec, "nodeName", message)


def test_several_messages_at_one_path() -> None:
    text = "{policy: twice, cases: [{name: both, kinds: [Pod], expect: {spec.nodeName: [first, second]}}]}"
    assert failures(text, declared(twice)) == []
    text = "{policy: twice, cases: [{name: both, kinds: [Pod], expect: {spec.nodeName: [first, first]}}]}"
    assert failures(text, declared(twice)) == [
        "Pod, containers: not found: spec.nodeName: first",
        "Pod, containers: not expected: spec.nodeName: second",
    ]


def dropped(pod: Pod) -> Violations:
    for container in pod.containers:
        if "ALL" not in container.security_context.capabilities.drop:
            yield Violation(container, "securityContext.capabilities.drop", "drop it", fix=Append("ALL"))
    if pod.spec.host_pid:
        yield Violation(pod.spec, "hostPID", "not this", fix=REMOVE)


def test_fixes_are_carried_out_and_judged_again() -> None:
    text = """
policy: dropped
cases:
  - name: some dropped, and nothing at all
    set: {"spec.containers[0].securityContext.capabilities.drop": [CHOWN], "spec.containers[1]": {}, spec.hostPID: true}
    expect:
      spec.containers[0].securityContext.capabilities.drop: drop it
      spec.containers[1].securityContext.capabilities.drop: drop it
      spec.hostPID: not this
"""
    assert failures(text, declared(dropped)) == []


def worse(pod: Pod) -> Violations:
    yield Violation(pod.spec, "hostPID", f"host PID {pod.spec.host_pid}", fix=Set(not pod.spec.host_pid))


def test_a_fix_that_causes_something_else_does_not_mend() -> None:
    text = "{policy: worse, cases: [{name: a, kinds: [Pod], expect: {spec.hostPID: host PID False}}]}"
    assert failures(text, declared(worse)) == ["Pod, containers: the fix at spec.hostPID does not mend it"]


def test_a_policy_of_a_later_version_finds_nothing_before() -> None:
    text = "{policy: twice, cases: [{name: a, version: v1.20}]}"
    assert failures(text, declared(twice, since=V(1, 21))) == []


def broken(pod: Pod) -> Violations:
    yield Violation(pod.spec, "nodeName", "so")
    raise ValueError("its author should see this")


def test_a_policy_that_raises_fails_its_cases_and_its_author_sees_where() -> None:
    told, where = failures("{policy: broken, cases: [{name: a, kinds: [Pod]}]}", declared(broken))
    assert told == "Pod, containers: not expected: : broken raised ValueError"
    assert 'raise ValueError("its author should see this")' in where
    assert where.endswith("ValueError: its author should see this")


def test_alike_failures_are_told_once() -> None:
    text = "{policy: twice, cases: [{name: a, kinds: [Pod, Job, CronJob]}]}"
    assert failures(text, declared(twice)) == [
        "Pod, containers and 2 more objects: not expected: spec.nodeName: first",
        "Pod, containers and 2 more objects: not expected: spec.nodeName: second",
    ]


def only_pinned(pod: Pod) -> Violations:
    for container in pod.containers:
        if "@" not in container.image:
            yield Violation(container, "image", f"{container.label} is not pinned")


def test_the_bystander_is_not_asked() -> None:
    text = """
policy: only-pinned
cases:
  - name: pinned
    set: {"spec.containers[0].image": "app@sha256:0"}
  - name: not pinned
    set: {"spec.containers[0].image": app}
    expect: {"spec.containers[0].image": container "app" is not pinned}
"""
    assert failures(text, declared(only_pinned)) == []

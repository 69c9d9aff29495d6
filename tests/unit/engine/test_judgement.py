"""What a policy is given, what a finding has, and how long it takes."""

import time

from gatewright.engine import message
from gatewright.engine.engine import Engine
from gatewright.model.review import DELETE
from gatewright.policy import Namespace, Pod, Resource, Store, User, Violation, Violations
from tests.builders import PRIVILEGED, declared, engine, engine_of, found, namespace, pod, request, workload


def placed(pod: Pod, namespace: Namespace | None) -> Violations:
    yield Violation(pod.metadata, "namespace", f"in {namespace and dict(namespace.labels)}")


def test_the_namespace_is_that_of_the_request() -> None:
    by = engine_of(declared(placed), objects=[namespace("other", enforce="baseline"), namespace("shop")])
    assert found(by, request(pod(), within="other")) == [
        ("enforce", "placed", "in {'pod-security.kubernetes.io/enforce': 'baseline'}")
    ]
    assert found(by, request(pod(), within="")) == [("enforce", "placed", "in None")]
    assert found(by, request(pod(), within="absent")) == [("enforce", "placed", "in {}")]


def neighbours(pod: Pod, *, pods: Store[Pod], spaces: Store[Namespace]) -> Violations:
    if pods.get(pod.namespace, "db") is None and spaces.get(None, "shop") is None:
        yield Violation(pod.metadata, "name", f"alone among {len(pods.within(pod.namespace))}")


def test_a_store_is_passed_in() -> None:
    by = engine_of(declared(neighbours), objects=[pod({"metadata.name": "a"})])
    assert found(by, request(pod())) == [("enforce", "neighbours", "alone among 1")]
    assert found(engine_of(declared(neighbours), objects=[pod({"metadata.name": "db"})]), request(pod())) == []


def test_reads_that_find_nothing_are_noted_once() -> None:
    decision = engine_of(declared(neighbours)).judge(request(pod()))
    assert [(miss.kind, miss.namespace, miss.name) for miss in decision.misses] == [
        (Pod, "shop", "db"),
        (Namespace, None, "shop"),
    ]
    assert engine_of(declared(neighbours), objects=[pod({"metadata.name": "db"})]).judge(request(pod())).misses == ()


def asked(pod: Pod, user: User | None) -> Violations:
    yield Violation(pod.metadata, "name", f"by {user}")


def test_the_user_is_the_requests() -> None:
    by = engine_of(declared(asked))
    assert found(by, request(pod(), user="jane", groups=("dev",))) == [
        ("enforce", "asked", "by User(name='jane', groups=('dev',))")
    ]
    assert found(by, request(pod())) == [("enforce", "asked", "by None")]


def test_a_name_that_the_request_lacks_is_the_objects() -> None:
    text = "overrides: [{names: web*, namespaces: shop, policies: {named: warn}}]"

    def named(item: Resource) -> Violations:
        yield Violation(item.node, "metadata.name", "named")

    by = engine("{policies: {named: enforce}, " + text + "}", declared(named, kinds={"Pod"}, on={"CREATE", DELETE}))
    for review in (request(pod(), name=""), request(None, pod(), name=""), request(pod())):
        assert [mode for mode, _, _ in found(by, review)] == ["warn"]
    generated = request(pod({"metadata.name": None, "metadata.generateName": "web-"}))
    assert [mode for mode, _, _ in found(by, generated)] == ["enforce"]


def test_a_deleted_object_is_the_old_one() -> None:
    def kept(pod: Pod, old: Pod | None) -> Violations:
        yield Violation(pod.metadata, "name", f"{pod.metadata.name}, old {old}")

    by = engine_of(declared(kept, on={DELETE}))
    assert found(by, request(None, pod())) == [("enforce", "kept", "web, old None")]
    assert found(by, request(None, None, operation=DELETE)) == [("enforce", "GW002", "the object is missing")]


def test_equal_reviews_have_equal_decisions() -> None:
    by = engine()
    assert by.judge(request(pod(PRIVILEGED))) == by.judge(request(pod(PRIVILEGED)))


def test_a_value_is_repeated_for_fields_that_are_no_secret_alone() -> None:
    def shows(pod: Pod) -> Violations:
        container = pod.containers[0]
        yield Violation(container, "securityContext.privileged", "shown")
        yield Violation(container, "image", "an image")
        yield Violation(container, ("env", 0, "type"), "env")
        yield Violation(pod.metadata, ("labels", "type"), "a label")
        yield Violation(pod.metadata, ("annotations", "user"), "an annotation")

    secrets = {"metadata.labels.type": "canary", "metadata.annotations.user": "canary"}
    by = engine_of(declared(shows))
    values = {one.message: one.value for one in by.judge(request(pod(PRIVILEGED | secrets))).findings}
    assert values == {"shown": True, "an image": None, "env": None, "a label": None, "an annotation": None}


def test_raw_has_what_is_not_modelled() -> None:
    def raw(pod: Pod) -> Violations:
        yield Violation(pod.spec, "restartPolicy", f"{pod.raw['spec']['restartPolicy']}, {sorted(pod.raw)}")

    item = workload("Job", {"spec.restartPolicy": "Never"})
    by = engine_of(declared(raw))
    assert found(by, request(item)) == [("enforce", "raw", "Never, ['spec']")]
    (finding,) = by.judge(request(item)).findings
    assert finding.path == ("spec", "template", "spec", "restartPolicy")


def test_a_template_has_no_namespace_of_its_own() -> None:
    def where(pod: Pod) -> Violations:
        yield Violation(pod.spec, "", f"{pod.namespace} {pod.is_template}")

    by = engine_of(declared(where))
    assert found(by, request(workload())) == [("enforce", "where", "shop True")]
    assert found(by, request(pod(), within="")) == [("enforce", "where", "None False")]


def taken(by: Engine, containers: int) -> float:
    """Seconds of this process that a Pod of so many offenders takes, from its review to the words of its denial."""
    review = request(pod({"spec.containers": [{"name": f"c{number}"} for number in range(containers)]}))
    begun = time.process_time()
    decision = by.judge(review)
    assert len(decision.findings) == 4 * containers
    assert message.denial(review, *message.violations(decision, 0))
    assert message.annotations(decision)
    assert len(message.causes(decision)) == 4 * containers
    return time.process_time() - begun


def test_a_wide_pod_takes_as_much_longer_as_it_is_wider() -> None:
    by = engine("profile: strict")
    short, long = (min(taken(by, containers) for _ in range(3)) for containers in (1_000, 4_000))
    assert long <= 10 * short  # four times as wide: 16 times as long would be each container beside each

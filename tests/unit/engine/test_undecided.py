"""How a denial tells that something could not be decided."""

from gatewright.model.review import Kind
from gatewright.policy import Pod, Violation, Violations
from tests.builders import PRIVILEGED, declared, engine, engine_of, pod
from tests.unit.engine.test_denial import WHY, denial


def broken(pod: Pod) -> Violations:
    yield Violation(pod.spec, "nodeName", "so")
    raise ValueError("canary")


def test_failures_read_differently() -> None:
    assert (
        denial(pod(), engine_of(declared(broken)))
        == """\
Pod shop/web: 1 not decided [decision ogq4gfko]
 1. GW001: gatewright could not decide (broken raised ValueError); this is not a fault of your manifest"""
    )


def test_a_violation_beside_failures() -> None:
    by = engine("policies: {broken: enforce}", declared(broken))
    assert (
        denial(pod(PRIVILEGED), by)
        == f"""\
Pod shop/web: 1 violation, 1 not decided [decision ogq4gfko]
 1. privileged (high): container "app" runs privileged
    at spec.containers[0].securityContext.privileged = true
    fix: set it to false
 2. GW001: gatewright could not decide (broken raised ValueError); this is not a fault of your manifest
{WHY} privileged"""
    )


def test_an_object_that_cannot_be_read_is_the_manifests_fault() -> None:
    assert (
        denial(pod({"spec.containers[0].securityContext.privileged": "canary"}))
        == """\
Pod shop/web: 1 not decided [decision ogq4gfko]
 1. GW002: gatewright could not decide (spec.containers[0].securityContext.privileged must be a boolean, not a string)
    at spec.containers[0].securityContext.privileged"""
    )
    assert (
        denial(b"{", kind=Kind("", "v1", "Pod"), name="web", within="shop")
        == """\
Pod shop/web: 1 not decided [decision ogq4gfko]
 1. GW002: gatewright could not decide (the object is not JSON: Input data was truncated)"""
    )

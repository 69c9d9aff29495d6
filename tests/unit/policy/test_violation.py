from typing import Any

import pytest

from gatewright.model.container import Container, Probe
from gatewright.model.meta import Metadata
from gatewright.policy import REMOVE, SecurityContext, Set, Severity, Violation
from tests.builders import raises


def test_a_field_is_a_path_or_its_steps() -> None:
    node = Container(name="a")
    assert Violation(node, "ports[0].hostPort", "x").field == ("ports", 0, "hostPort")
    assert Violation(node, ("annotations", "a.b/c"), "x").field == ("annotations", "a.b/c")
    assert Violation(node, "", "x").field == ()


def test_what_is_left_out() -> None:
    violation = Violation(Metadata(), "name", "x")
    assert (violation.severity, violation.fix) == (None, None)
    whole = Violation(Metadata(), "name", "x", severity=Severity.HIGH, fix=Set(1))
    assert (whole.severity, whole.fix) == (Severity.HIGH, Set(1))
    assert whole != Violation(whole.node, "name", "x", severity=Severity.HIGH, fix=REMOVE)


@pytest.mark.parametrize("node", [SecurityContext(), Probe(), None, "spec", {}])
def test_it_points_at_a_thing_of_the_object(node: Any) -> None:
    at = type(node).__name__
    with raises(TypeError, f"a violation points at an item of a list, a spec, a metadata or the object, not at {at}"):
        Violation(node, "privileged", "x")


def test_its_field_is_in_the_grammar() -> None:
    with raises(ValueError, "'a..b' is not a path; paths look like spec.containers[0].image"):
        Violation(Metadata(), "a..b", "x")


def test_its_message_is_text() -> None:
    message: Any = ["x"]
    with raises(TypeError, "a violation's message is a string, not list"):
        Violation(Metadata(), "name", message)

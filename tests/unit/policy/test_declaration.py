from collections.abc import Callable
from typing import Any

import pytest
from pydantic import Field

from gatewright.policy import (
    CONNECT,
    CREATE,
    DELETE,
    UPDATE,
    Connect,
    KubernetesVersion,
    Level,
    Namespace,
    Params,
    Pod,
    PolicyError,
    Resource,
    Severity,
    Store,
    User,
    V,
    Violations,
    policy,
)
from gatewright.policy.declaration import SUBJECTS
from tests.builders import raises


class Ports(Params):
    allowed: list[int] = []


def whole(
    pod: Pod | Namespace,
    *,
    params: Ports,
    version: KubernetesVersion,
    old: Pod | Namespace | None,
    user: User | None,
    namespace: Namespace | None,
    spaces: Store[Namespace],
) -> Violations:
    raise NotImplementedError


def test_the_signature_is_the_declaration() -> None:
    declared = policy(severity=Severity.HIGH)(whole)
    assert declared.id == "whole"
    assert declared.subjects == (Pod, Namespace)
    assert declared.params is Ports
    assert declared.needs == {"params", "version", "old", "user", "namespace", "spaces"}
    assert declared.stores == {"spaces": Namespace}
    assert declared.check is whole


def test_what_is_left_out() -> None:
    def host_ports(pod: Pod) -> Violations:
        raise NotImplementedError

    declared = policy(severity=Severity.LOW)(host_ports)
    assert declared.id == "host-ports"
    assert declared.on == {CREATE, UPDATE}
    assert declared.since == V(1, 0)
    assert (declared.level, declared.alias, declared.params) == (None, "", None)
    assert not any((declared.overrides, declared.kinds, declared.subresources, declared.needs, declared.stores))


def no_parameter() -> Violations:
    raise NotImplementedError


def no_type(pod) -> Violations:  # type: ignore[no-untyped-def]  # what is tested
    raise NotImplementedError


def no_subject(name: str) -> Violations:
    raise NotImplementedError


def half_a_subject(pod: Pod | str) -> Violations:
    raise NotImplementedError


def perhaps_a_subject(pod: Pod | None) -> Violations:
    raise NotImplementedError


def untyped(pod: Pod, colour) -> Violations:  # type: ignore[no-untyped-def]  # what is tested
    raise NotImplementedError


def unknown(pod: Pod, colour: int) -> Violations:
    raise NotImplementedError


def untyped_params(pod: Pod, params) -> Violations:  # type: ignore[no-untyped-def]  # what is tested
    raise NotImplementedError


def no_params(pod: Pod, params: int) -> Violations:
    raise NotImplementedError


def certain_user(pod: Pod, user: User) -> Violations:
    raise NotImplementedError


def other_old(pod: Pod, old: Namespace | None) -> Violations:
    raise NotImplementedError


def certain_old(pod: Pod, old: Pod) -> Violations:
    raise NotImplementedError


def mistyped(pod: Pod, version: str) -> Violations:
    raise NotImplementedError


SUBJECT = f"is the subject; its type must be one of {', '.join(one.__name__ for one in SUBJECTS)}, or a union of them"
CAN = (
    "it can take params: Params, version: KubernetesVersion, old: its subject | None, user: User | None, "
    "namespace: Namespace | None, today: date, access: Access, and stores: Store[X]"
)


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (no_parameter, "no_parameter: its first parameter is the subject, and it has none"),
        (no_type, f"no_type: pod {SUBJECT}"),
        (no_subject, f"no_subject: name {SUBJECT}"),
        (half_a_subject, f"half_a_subject: pod {SUBJECT}"),
        (perhaps_a_subject, f"perhaps_a_subject: pod {SUBJECT}"),
        (untyped, f"untyped: a check cannot take colour: None; {CAN}"),
        (unknown, f"unknown: a check cannot take colour: <class 'int'>; {CAN}"),
        (untyped_params, f"untyped_params: a check cannot take params: None; {CAN}"),
        (no_params, f"no_params: a check cannot take params: <class 'int'>; {CAN}"),
        (certain_user, f"certain_user: a check cannot take user: {User}; {CAN}"),
        (other_old, f"other_old: a check cannot take old: {Namespace | None}; {CAN}"),
        (certain_old, f"certain_old: a check cannot take old: {Pod}; {CAN}"),
        (mistyped, f"mistyped: a check cannot take version: <class 'str'>; {CAN}"),
    ],
)
def test_a_signature_that_asks_for_what_there_is_not(check: Callable[..., Violations], message: str) -> None:
    with raises(PolicyError, message):
        policy(severity=Severity.LOW)(check)


def a_pod(pod: Pod) -> Violations:
    raise NotImplementedError


def a_resource(item: Resource) -> Violations:
    raise NotImplementedError


def a_connect(connect: Connect) -> Violations:
    raise NotImplementedError


@pytest.mark.parametrize(
    ("check", "options", "message"),
    [
        (a_pod, {"on": {"PATCH", "create"}}, "a_pod: on: PATCH, create is no operation"),
        (a_pod, {"kinds": {"Pod"}}, "a_pod: kinds goes with a Resource subject, and a Resource subject needs it"),
        (a_resource, {}, "a_resource: kinds goes with a Resource subject, and a Resource subject needs it"),
        (a_connect, {}, "a_connect: a Connect subject goes with on={CONNECT}"),
        (a_pod, {"on": {CONNECT}}, "a_pod: a Connect subject goes with on={CONNECT}"),
        (a_pod, {"level": Level.BASELINE}, "a_pod: level and reason go together"),
        (a_pod, {"reason": "so"}, "a_pod: level and reason go together"),
    ],
)
def test_options_that_do_not_go_together(
    check: Callable[..., Violations], options: dict[str, Any], message: str
) -> None:
    with raises(PolicyError, message):
        policy(severity=Severity.LOW, **options)(check)


@pytest.mark.parametrize(
    ("check", "options"),
    [
        (a_resource, {"kinds": {"Ingress.networking.k8s.io"}, "on": {DELETE}}),
        (a_connect, {"on": {CONNECT}}),
        (a_pod, {"level": Level.RESTRICTED, "reason": "so", "since": V(1, 8), "alias": "aPod"}),
    ],
)
def test_options_that_go_together(check: Callable[..., Violations], options: dict[str, Any]) -> None:
    declared = policy(severity=Severity.LOW, **options)(check)
    assert {key: getattr(declared, key) for key in options} == options


@pytest.mark.parametrize(("overrides", "kept"), [("b", {"b"}), (("b", "c"), {"b", "c"}), ((), set())])
def test_one_policy_is_silenced_or_several(overrides: str | tuple[str, ...], kept: set[str]) -> None:
    assert policy(severity=Severity.LOW, overrides=overrides)(a_pod).overrides == kept


class NeedsOne(Params):
    allowed: list[int]


def needs_one(pod: Pod, params: NeedsOne) -> Violations:
    raise NotImplementedError


@pytest.mark.parametrize("name", ["mode", "critical", "high", "medium", "low", "else"])
def test_a_parameter_cannot_mean_something_else_in_the_configuration(name: str) -> None:
    taken = type("Taken", (Params,), {"__annotations__": {"field": str}, "field": Field("", alias=name)})

    def check(pod: Pod, params: taken) -> Violations:  # type: ignore[valid-type]  # made here
        raise NotImplementedError

    check.__annotations__["params"] = taken
    with raises(PolicyError, f"check: a parameter cannot be called {name}"):
        policy(severity=Severity.LOW)(check)


def test_every_parameter_has_a_default() -> None:
    with raises(PolicyError, "needs_one: parameter allowed needs a default"):
        policy(severity=Severity.LOW)(needs_one)

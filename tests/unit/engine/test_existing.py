"""A Namespace that begins to enforce a level is told of the pods that the level forbids, and allowed."""

import asyncio
import math
from typing import Any, TypeVar

import pytest

from gatewright.engine import pod_security
from gatewright.engine.world import ClosedWorld, Unavailable
from gatewright.model.review import AdmissionRequest
from gatewright.policy import Level, Namespace, Pod, Store, Violation, Violations
from tests.builders import PRIVILEGED, Changes, Object, declared, engine, namespace, pod, request

X = TypeVar("X")

PID = {"spec.hostPID": True}


def running(name: str, changes: Changes, *owner: str, within: str = "shop") -> Object:
    owners = [
        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": uid, "uid": uid, "controller": True} for uid in owner
    ]
    placed = {"metadata.name": name, "metadata.namespace": within, "metadata.ownerReferences": owners or None}
    return pod({**changes, **placed})


PODS = [
    running("web-1", PRIVILEGED | PID, "web"),
    running("web-2", PRIVILEGED | PID, "web"),
    running("db-1", PRIVILEGED, "db"),
    running("alone", {}),
    running("elsewhere", PRIVILEGED, within="other"),
]


def relabelled(**labels: str) -> AdmissionRequest:
    return request(namespace(**labels), namespace())


def told(objects: list[Object], review: AdmissionRequest, text: str = "{}") -> list[str]:
    decision = engine(text, objects=objects).judge(review)
    assert decision.allowed
    assert decision.findings == ()
    return list(decision.notes)


BASELINE = 'existing pods in namespace "shop" violate the new PodSecurity enforce level "baseline:latest"'


def test_the_pods_are_told_in_upstreams_words() -> None:
    assert told(PODS, relabelled(enforce="baseline")) == [
        BASELINE,
        "db-1: privileged",
        "web-1 (and 1 other pod): host namespaces, privileged",
    ]


def test_so_they_are_where_the_labels_come_with_a_status() -> None:
    review = request(namespace(enforce="baseline"), namespace(), subresource="status")
    assert told(PODS, review)[0] == BASELINE


def test_the_checks_are_those_of_the_level_and_version() -> None:
    old = running("old", {"spec.containers[0].livenessProbe": {"httpGet": {"host": "10.0.0.1", "port": 80}}})
    assert told([old], relabelled(enforce="baseline", enforce_version="v1.33")) == []
    assert told([old], relabelled(enforce="baseline", enforce_version="v1.34")) == [
        BASELINE.replace("latest", "v1.34"),
        "old: probe or lifecycle host",
    ]


def test_baseline_reasons_come_before_restricted_ones() -> None:
    offender = running("a", PID | {"spec.containers[0].securityContext": None})
    restricted = "allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile"
    assert told([offender], relabelled(enforce="restricted")) == [
        BASELINE.replace("baseline", "restricted"),
        f"a: host namespaces, {restricted}",
    ]


@pytest.mark.parametrize(
    ("review", "text"),
    [
        (relabelled(enforce="privileged"), "{}"),
        (relabelled(warn="restricted"), "{}"),
        (request(namespace(enforce="baseline")), "{}"),
        (request(namespace(enforce="baseline"), namespace(enforce="baseline")), "{}"),
        (request(namespace(enforce="baseline"), namespace(enforce="restricted")), "{}"),
        (request(None, namespace(enforce="baseline")), "{}"),
        (request(namespace(enforce="baseline"), namespace(), subresource="shiny"), "{}"),
        (relabelled(enforce="baseline"), "podSecurityLabels: at-most-warn\nprofile: observe"),
        (relabelled(enforce="baseline"), "policies: {pod_security/*: warn, pod-security-labels: enforce}"),
        (relabelled(enforce="baseline"), "overrides: [{namespaces: shop, kinds: Pod, policies: {'*': off}}]"),
    ],
)
def test_nothing_is_said_where_nothing_begins_to_be_enforced(review: AdmissionRequest, text: str) -> None:
    assert told(PODS, review, text) == []


def test_the_rules_of_the_new_labels_count() -> None:
    text = "overrides: [{namespaceLabels: {tier: test}, policies: {privileged: off}}]"
    new = namespace(enforce="baseline")
    new["metadata"]["labels"]["tier"] = "test"
    assert told(PODS, request(new, namespace()), text) == [BASELINE, "web-1 (and 1 other pod): host namespaces"]


def test_at_most_so_many_pods_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pod_security.MOST_PODS == 3000
    monkeypatch.setattr(pod_security, "MOST_PODS", 3)
    # one pod of each controller, and those of none, come first
    assert told(PODS, relabelled(enforce="baseline")) == [
        "new PodSecurity enforce level only checked against the first 3 of 4 existing pods",
        BASELINE,
        "db-1: privileged",
        "web-1: host namespaces, privileged",
    ]


CUT = "new PodSecurity enforce level only checked against the first {} of 4 existing pods"


@pytest.mark.parametrize(
    ("seconds", "deadline", "first"),
    [
        (0.4, math.inf, CUT.format(3)),
        (0.4, 102, CUT.format(3)),  # a second
        (0.4, 101, CUT.format(2)),  # half of what is left
        (0.4, 100, CUT.format(1)),
        (0.2, 102, BASELINE),
    ],
)
def test_the_look_takes_a_second_or_half_of_the_time_left(seconds: float, deadline: float, first: str) -> None:
    now = [100.0]

    def slow(pod: Pod) -> Violations:
        now[0] += seconds
        yield Violation(pod.metadata, "name", "slow")

    by = engine("{}", declared(slow, level=Level.BASELINE, reason="slow"), objects=PODS, clock=lambda: now[0])
    assert by.judge(relabelled(enforce="baseline"), deadline).notes[0] == first


class Cut(ClosedWorld):
    """Knows the first pods of a namespace alone."""

    def first(self, kind: type[X], namespace: str) -> tuple[tuple[X, ...], int]:
        found, _ = super().first(kind, namespace)
        return found, 5001


def test_pods_that_were_not_read_are_counted() -> None:
    decision = engine(world=Cut(PODS)).judge(relabelled(enforce="baseline"))
    assert decision.notes[0] == ("new PodSecurity enforce level only checked against the first 4 of 5001 existing pods")
    assert decision.notes[1:] == (BASELINE, "db-1: privileged", "web-1 (and 1 other pod): host namespaces, privileged")


class NoPods(ClosedWorld):
    def store(self, kind: type[Any]) -> Store[Any]:
        raise Unavailable(f"{kind.__name__} is not synced")


def test_pods_that_are_not_known_are_said_to_be() -> None:
    decision = engine(world=NoPods()).judge(relabelled(enforce="baseline"))
    assert decision.allowed
    assert decision.notes == ("failed to list pods while checking new PodSecurity enforce level",)


def test_a_namespace_that_cannot_be_read_is_undecided_and_its_pods_are_not_looked_at() -> None:
    broken = namespace(enforce="baseline")
    broken["metadata"]["labels"]["a"] = 1
    decision = engine(objects=PODS).judge(request(broken, namespace()))
    assert (decision.allowed, decision.notes) == (False, ())


class Stop(BaseException):
    pass


ERRORS = [ValueError, SystemExit, GeneratorExit, asyncio.CancelledError, Stop]


def asking(pod: Pod, namespace: Namespace | None) -> Violations:
    yield Violation(pod.metadata, "namespace", str(namespace))


@pytest.mark.parametrize("error", ERRORS)
def test_a_policy_that_cannot_be_asked_about_pods_does_not_keep_the_others_from_it(error: type[BaseException]) -> None:
    def fragile(pod: Pod) -> Violations:
        yield from ()
        raise error(pod.metadata.name)

    by = engine(
        "{}",
        declared(fragile, level=Level.BASELINE, reason="fragile"),
        declared(asking, level=Level.BASELINE, reason="asking"),
        objects=PODS[2:3],
    )
    decision = by.judge(relabelled(enforce="baseline"))
    assert decision.allowed
    assert decision.notes == (BASELINE, f"db-1: fragile raised {error.__name__}, privileged")

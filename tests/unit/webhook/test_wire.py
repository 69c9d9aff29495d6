import json
import math
from pathlib import Path
from typing import Any

import pytest

from gatewright.engine.decision import Decision, Failure, Mode
from gatewright.engine.engine import Engine
from gatewright.model.review import AdmissionRequest, Kind
from gatewright.webhook.wire import answer, undecided
from tests.unit.webhook import builders
from tests.unit.webhook.builders import ID, UID, Observed, engine, ignore, of_kind, pod, response, review


def answered(body: bytes, by: Engine | None = None, deadline: float = math.inf) -> tuple[int, Any]:
    """The answer, its JSON read."""
    status, content = answer(by or engine(), body, deadline, ignore)
    return status, json.loads(content)


def test_a_clean_object_is_allowed_and_nothing_is_said() -> None:
    assert answered(review()) == (200, response(allowed=True))


def test_a_denial_names_all_there_is_and_warns_besides() -> None:
    message = """\
Pod shop/web: 1 violation, 1 warning [decision lcmj6lg2]
 1. privileged (high): container "api" runs privileged
    at spec.containers[0].securityContext.privileged = true
    fix: set it to false
Why, and what is allowed: gatewright policies privileged"""
    warning = (
        'would violate PodSecurity "restricted:latest": runAsNonRoot != true '
        '(container "api" must set securityContext.runAsNonRoot to true)'
    )
    assert answered(review(object=pod(privileged=True, runAsNonRoot=None))) == (
        200,
        response(
            allowed=False,
            status={
                "status": "Failure",
                "message": message,
                "reason": "Forbidden",
                "code": 403,
                "details": {
                    "name": "web",
                    "kind": "Pod",
                    "causes": [
                        {
                            "reason": "privileged",
                            "message": 'container "api" runs privileged',
                            "field": "spec.containers[0].securityContext.privileged",
                        }
                    ],
                },
            },
            warnings=[warning],
            auditAnnotations={"decision": ID, "denied": "privileged"},
        ),
    )


def test_a_warning_allows() -> None:
    status, document = answered(review(object=pod(privileged=True)), engine("profile: observe"))
    assert (status, document["response"]["allowed"]) == (200, True)
    assert document == response(
        allowed=True,
        warnings=['would violate PodSecurity "baseline:latest": privileged (container "api" runs privileged)'],
        auditAnnotations={"decision": ID},
    )


def test_what_is_audited_is_an_annotation() -> None:
    audit = engine('policies: {"*": off, privileged: audit}')
    assert answered(review(object=pod(privileged=True)), audit) == (
        200,
        response(
            allowed=True,
            auditAnnotations={
                "decision": ID,
                "privileged": 'container "api" runs privileged; fix: set it to false '
                "(at spec.containers[0].securityContext.privileged = true)",
            },
        ),
    )


def test_the_details_are_of_the_kind_that_was_sent() -> None:
    body = review(
        object={"spec": {"template": {"spec": {"hostNetwork": True}}}},
        kind={"group": "apps", "version": "v1", "kind": "Deployment"},
        requestKind={"group": "extensions", "version": "v1beta1", "kind": "Deployment"},
    )
    details = answered(body)[1]["response"]["status"]["details"]
    assert (details["group"], details["kind"], details["name"]) == ("extensions", "Deployment", "web")


def test_of_a_key_that_stands_twice_the_last_one_counts() -> None:
    twice = review(uid="first").replace(b'"uid": "first"', f'"uid": "first", "uid": "{UID}"'.encode())
    assert answered(twice) == (200, response(allowed=True))
    true, false = b'"privileged": true', b'"privileged": false'
    body = review(object=pod(privileged=True))
    assert answered(body.replace(true, true + b", " + false)) == (200, response(allowed=True))
    assert answered(body.replace(true, false + b", " + true))[1]["response"]["allowed"] is False


def test_a_policy_that_raises_denies_and_does_not_repeat_what_it_saw(tmp_path: Path) -> None:
    builders.policy(tmp_path / "own", "raises", "Service", 'raise RuntimeError("s3cret")')
    by = engine(f"policyFolders: [{tmp_path / 'own'}]\npolicies: {{raises: enforce}}")
    denied = builders.not_decided("Service", "raises raised RuntimeError", "raises", "GW001")
    assert answered(review(**of_kind("Service")), by) == (200, denied)


class Broken:
    """An engine with a fault."""

    def __init__(self, strongest: Mode) -> None:
        self.strongest = strongest

    def judge(self, request: AdmissionRequest, deadline: float, pods: object) -> Decision:
        """Raises, whatever it is asked."""
        del pods
        raise LookupError(f"s3cret {request.uid} {deadline}")


@pytest.mark.parametrize("strongest", Mode)
def test_a_fault_of_our_own_is_an_explicit_answer(strongest: Mode) -> None:
    observed = Observed()
    broken: Any = Broken(strongest)
    status, body = answer(broken, review(), math.inf, observed)
    reason = f"an internal error, LookupError in judge, line {Broken.judge.__code__.co_firstlineno + 3}"
    text = f"GW006: gatewright could not decide ({reason}); this is not a fault of your manifest"
    warned = response(allowed=True, warnings=[text], auditAnnotations={"decision": ID})
    denied = builders.undecided(reason)
    assert (status, json.loads(body)) == (200, denied if strongest is Mode.ENFORCE else warned)
    assert [finding.message for _, decision, _ in observed.told for finding in decision.findings] == [reason]


def test_the_decision_is_observed_after_it_was_made() -> None:
    observed = Observed()
    answer(engine(), review(object=pod(privileged=True)), math.inf, observed)
    ((request, decision, seconds),) = observed.told
    assert request is not None
    assert (request.uid, request.name, decision.allowed) == (UID, "web", False)
    assert 0 < seconds < 5


def test_what_cannot_be_read_is_observed_too() -> None:
    observed = Observed()
    answer(engine(), review(namespace=5), math.inf, observed)
    undecided(engine(), b"", "it is empty", 1.5, observed)
    (first, denied, _), (second, refused, seconds) = observed.told
    assert first == AdmissionRequest(UID, Kind("admission.k8s.io", "v1", "AdmissionReview"), name=UID)
    assert (second, seconds) == (None, 1.5)
    assert [finding.failure for decision in (denied, refused) for finding in decision.findings] == [Failure.BODY] * 2
    assert not denied.allowed
    assert not refused.allowed


@pytest.mark.parametrize("body", [review(), review(namespace=5), b""])
def test_an_observer_that_fails_changes_nothing(body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    def fails(request: AdmissionRequest | None, decision: Decision, seconds: float) -> None:
        raise OSError(f"no space left on device: {request} {decision} {seconds}")

    assert answer(engine(), body, math.inf, fails) == answer(engine(), body, math.inf, ignore)
    assert caplog.messages == ["a decision is missing in the log: OSError"]

"""The answers to the calls of one request, and what comes of it."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from tests.e2e.cluster import Said
from tests.e2e.impostor import Answer, Lost

NOTHING: Mapping[str, str] = MappingProxyType({})
FAILED_OPEN = {"failed-open.validating.webhook.admission.k8s.io/round_0_index_0": "WEBHOOK"}
CREATED = "configmap/OBJECT created\n"
CREATING = 'error when creating "STDIN": '


def review(version: str = "v1", kind: str = "AdmissionReview", **response: Any) -> str:
    """An answer that allows, but for what is said otherwise."""
    whole = {"uid": "REQUESTED", "allowed": True, **response}
    return json.dumps({"apiVersion": f"admission.k8s.io/{version}", "kind": kind, "response": whole})


OK = Answer(review())


class Outcome(NamedTuple):
    """What comes of a request: at kubectl, and in its audit event.

    `WEBHOOK`, `PLACE` and `OBJECT` stand for the names of the webhook, the namespace and what is created.
    """

    said: Said
    code: int
    annotations: Mapping[str, str] = NOTHING


class Exchange(NamedTuple):
    """The answers to the calls of one request, and what comes of it under each policy.

    `calls` are the HTTP methods that the impostor was called with.
    """

    answers: tuple[Answer | Lost, ...]
    under_fail: Outcome
    under_ignore: Outcome
    calls: tuple[str, ...]

    def under(self, policy: str) -> Outcome:
        """What comes of it under a policy."""
        return self.under_fail if policy == "Fail" else self.under_ignore

    @property
    def is_failure(self) -> bool:
        """Whether the call counts as a failed one: only then does the policy matter."""
        return self.under_fail != self.under_ignore


def allowed(*answers: Answer, warned: str = "", annotations: Mapping[str, str] = NOTHING) -> Exchange:
    """One that creates the object."""
    outcome = Outcome(Said(0, CREATED, warned), 201, annotations)
    return Exchange(answers, outcome, outcome, ("POST",) * len(answers))


def denied(answer: Answer, *, message: str, code: int) -> Exchange:
    """One that denies it, under Ignore as well.

    Args:
        answer: of the impostor.
        message: of kubectl, all of it.
        code: of the API server's answer.
    """
    outcome = Outcome(Said(1, "", message), code)
    return Exchange((answer,), outcome, outcome, ("POST",))


def denial(**status: Any) -> Answer:
    """An answer that denies, with that status."""
    return Answer(review(allowed=False, status=status))


def failed(*answers: Answer | Lost, message: str, calls: tuple[str, ...] = ("POST",)) -> Exchange:
    """One that counts as a failed call.

    Args:
        answers: of the impostor.
        message: of kubectl, after the name of the webhook.
        calls: that reach it.
    """
    refused = f"Error from server (InternalError): {CREATING}Internal error occurred: failed calling webhook "
    under_fail = Outcome(Said(1, "", f'{refused}"WEBHOOK": {message}\n'), 500)
    return Exchange(answers, under_fail, Outcome(Said(0, CREATED, ""), 201, FAILED_OPEN), calls)

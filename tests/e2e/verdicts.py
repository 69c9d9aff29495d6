"""Which pod-security checks an API server denies pods by: with its own plugin, or with us registered."""

import functools
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from controlplane import ControlPlane
from service import until

from gatewright.engine.pod_security import LEVELS, PREFIX, PRIVILEGED
from tests.builders import built_in
from tests.e2e.direct import Direct
from tests.e2e.generated_pods import careful
from tests.e2e.pod_changes import Object

Checks = frozenset[str]
"""Upstream's reasons of a denial; none of them: it is allowed."""

Verdict = dict[str, Checks]
"""By level."""

REASONS = {id_: entry.policy.reason for id_, entry in built_in().entries.items() if entry.policy.level}
"""Upstream's reason of each check, by our id."""


class Admission:
    """What an API server says to pods in namespaces that enforce a level each; nothing of it is stored."""

    def __init__(self, plane: ControlPlane) -> None:
        self._direct = Direct(plane)
        self._ask = self._direct.ask
        for level in LEVELS:
            metadata = {"name": level, "labels": {f"{PREFIX}enforce": level}}
            assert self._ask("POST", "/api/v1/namespaces", {"metadata": metadata})[0] == 201
            until(functools.partial(self._has, f"/api/v1/namespaces/{level}/serviceaccounts/default"))
            stored = careful() | {"metadata": {"name": "careful"}}
            assert self._ask("POST", f"/api/v1/namespaces/{level}/pods", stored)[0] == 201

    def _has(self, path: str) -> bool:
        return self._ask("GET", path)[0] == 200

    def of_pod(self, pod: Object) -> Verdict | None:
        """What is said when it is created; None where it is no valid pod."""
        return self._verdict("POST", "pods", pod)

    def of_ephemeral(self, container: Object) -> Verdict | None:
        """What is said when it is added to a careful pod."""
        added = {"spec": {"ephemeralContainers": [container]}}
        return self._verdict("PATCH", "pods/careful/ephemeralcontainers", added)

    def _verdict(self, method: str, path: str, body: Object) -> Verdict | None:
        verdict: Verdict = {}
        for level in LEVELS:
            status, told = self._ask(method, f"/api/v1/namespaces/{level}/{path}?dryRun=All", body)
            if level == PRIVILEGED and status in (400, 422):
                return None
            assert status in (200, 201, 403), told
            verdict[level] = frozenset(_ours(told) or _upstream(told)) if status == 403 else frozenset()
        return verdict

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._direct.close()


def _ours(status: Object) -> set[str]:
    """The reasons of a denial of ours, in whose causes each check is named."""
    return {REASONS[cause["reason"]] for cause in status.get("details", {}).get("causes", [])}


def _upstream(status: Object) -> Iterator[str]:
    """The reasons in `… violates PodSecurity "baseline:latest": REASON (DETAIL), REASON (DETAIL)`."""
    _, said, listed = status["message"].partition(' violates PodSecurity "')
    assert said, status
    depth, reason = 0, ""
    for letter in listed.partition('": ')[2]:
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and letter != ")":
            reason += letter
        elif depth == 1 and letter == "(":
            yield _reason(reason)
            reason = ""
    assert not reason, status


def _reason(text: str) -> str:
    """As our catalogue has it: upstream tells of several profiles in the plural."""
    reason = text.removeprefix(", ").strip().replace("AppArmor profiles", "AppArmor profile")
    assert reason in REASONS.values(), text
    return reason

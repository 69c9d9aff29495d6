"""The built-in Pod Security admission and ours: the same verdict, by the same checks, on pods by chance.

POD_SECURITY_PODS=N takes another number of pods than 500, POD_SECURITY_SEED=N other ones.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from controlplane import ControlPlane

from gatewright.engine.pod_security import BASELINE, LEVELS, PRIVILEGED, RESTRICTED
from gatewright.model.version import KubernetesVersion, parse_version
from tests.builders import built_in
from tests.e2e.cluster import POD_SECURITY_ALONE, serving
from tests.e2e.generated_pods import ephemeral_containers, examples, pods
from tests.e2e.pod_changes import Object
from tests.e2e.verdicts import Admission, Verdict

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket]

PODS = int(os.environ.get("POD_SECURITY_PODS", "500"))
EPHEMERAL = PODS // 5
SEED = int(os.environ.get("POD_SECURITY_SEED", "0"))

SPARE = 2
"""So many times as many are made: some are made twice, some are not valid."""

ENOUGH = 0.02
"""The share of the pods that each check denies, at least."""

ENOUGH_ALLOWED = 0.05
"""The share of them that each level allows, at least, and that it denies."""

NEVER_DENIED = {"v1.37": {"proc-mount"}, "v1.34": {"proc-mount-restricted"}}
"""An unmasked /proc is valid with a user namespace alone, which the baseline check accepts from 1.35 on; before, there
is no other check at the restricted level."""

Judge = Callable[[Object], Verdict | None]


def checks(version: KubernetesVersion) -> dict[str, dict[str, str]]:
    """The checks of each level at a version: id by reason."""
    found: dict[str, dict[str, str]] = {level: {} for level in LEVELS}
    policies = [entry.policy for entry in built_in().entries.values() if entry.policy.since <= version]
    for policy in policies:
        if policy.level == BASELINE:
            found[BASELINE][policy.reason] = policy.id
    overridden = {other for policy in policies for other in policy.overrides}
    for policy in policies:
        if policy.level and policy.id not in overridden:
            found[RESTRICTED][policy.reason] = policy.id
    return found


def valid(judge: Judge, candidates: Iterable[Object], number: int) -> list[tuple[Object, Verdict]]:
    """The first so many that are valid, each with its verdict."""
    judged = ((candidate, judge(candidate)) for candidate in candidates)
    found = list(islice(((one, verdict) for one, verdict in judged if verdict is not None), number))
    assert len(found) == number, "too few of them are valid: make more"
    return found


def differences(judge: Judge, judged: Iterable[tuple[Object, Verdict]]) -> Iterator[str]:
    """Where our verdict is another than the built-in one."""
    for one, theirs in judged:
        ours = judge(one) or {}
        for level in LEVELS:
            if ours.get(level) != theirs[level]:
                yield f"{level}: {sorted(theirs[level])} is denied by the built-in one, by us {ours.get(level)}: {one}"


@pytest.mark.parametrize(("emulate", "version"), [("", "v1.37"), ("1.34", "v1.34")], ids=["v1.37", "as-v1.34"])
def test_our_verdict_is_the_built_in_ones(emulate: str, version: str, tmp_path: Path) -> None:
    with ControlPlane(emulate=emulate) as plane, Admission(plane) as built:
        expected = valid(built.of_pod, examples(pods(), PODS * SPARE, SEED), PODS)
        ephemeral = examples(ephemeral_containers(), EPHEMERAL * SPARE * 2, SEED)
        expected_of_ephemeral = valid(built.of_ephemeral, ephemeral, EPHEMERAL)
    with (
        ControlPlane(emulate=emulate, disable=["PodSecurity"]) as plane,
        serving(plane, "overlays/enforce", tmp_path, POD_SECURITY_ALONE),
        Admission(plane) as ours,
    ):
        different = [
            *differences(ours.of_pod, expected),
            *differences(ours.of_ephemeral, expected_of_ephemeral),
        ]
    assert different == []
    of_pods, of_ephemeral = ([verdict for _, verdict in judged] for judged in (expected, expected_of_ephemeral))
    assert rare(of_pods, version) == NEVER_DENIED[version]
    for verdicts in (of_pods, of_ephemeral):
        allowed = Counter(level for verdict in verdicts for level in LEVELS if not verdict[level])
        assert allowed[PRIVILEGED] == len(verdicts)
        assert min(allowed[level] for level in LEVELS) >= ENOUGH_ALLOWED * len(verdicts), allowed
        assert max(allowed[level] for level in LEVELS[1:]) <= (1 - ENOUGH_ALLOWED) * len(verdicts), allowed


def rare(verdicts: list[Verdict], version: str) -> set[str]:
    """The checks that deny too few to say that they agree."""
    of_level = checks(parse_version(version))
    denials = Counter(of_level[level][reason] for verdict in verdicts for level in LEVELS for reason in verdict[level])
    every = {entry.policy.id for entry in built_in().entries.values() if entry.policy.level}
    return {id_ for id_ in every if denials[id_] < ENOUGH * len(verdicts)}

"""What the profile default denies of ordinary software, and how much it says of it."""

from collections import Counter

import msgspec
import pytest

from gatewright import wiring
from gatewright.cluster.manifests import gather
from gatewright.engine.config import Configuration
from gatewright.engine.message import subject, warnings
from gatewright.engine.scan import Scanned, creation_of
from tests.ordinary.expected import DENIED, EXCEPTED
from tests.ordinary.judged import FOLDERS, HERE, carries_pod, configuration, denials, judged, summary, undecided

By = dict[str, list[Scanned]]
LINES = 6
"""What a bare Deployment prints at most."""


@pytest.fixture(scope="module")
def default() -> Configuration:
    return configuration()


@pytest.fixture(scope="module")
def scanned(default: Configuration) -> By:
    return {folder: judged(folder, default) for folder in FOLDERS}


def test_nothing_is_denied_but_what_must_be(scanned: By) -> None:
    assert {folder: found for folder, ones in scanned.items() if (found := denials(ones))} == {
        folder: {(what, policy) for what, policies in rows.items() for policy in policies}
        for folder, rows in DENIED.items()
    }


def test_an_exception_for_the_nodes_daemons_is_one_for_nothing_else(default: Configuration) -> None:
    excepted = configuration("excepted.yaml", loaded=default.catalog)
    found = {one for folder in FOLDERS for one in denials(judged(folder, excepted))}
    rows = {(what, policy) for rows in DENIED.values() for what, policies in rows.items() for policy in policies}
    assert found == {(what, policy) for what, policy in rows if not what.split()[1].startswith(EXCEPTED)}


def test_everything_is_decided(scanned: By) -> None:
    problems = {subject(one.request): undecided(one.decision) for ones in scanned.values() for one in ones}
    assert {what: told for what, told in problems.items() if told} == {}


def test_there_are_workloads_of_every_kind(scanned: By, default: Configuration) -> None:
    kinds = Counter(one.request.kind.key for ones in scanned.values() for one in ones if carries_pod(one, default))
    assert kinds.total() >= 100
    assert set(kinds) == {
        "CronJob.batch", "DaemonSet.apps", "Deployment.apps", "Job.batch", "Pod", "PodTemplate", "ReplicaSet.apps",
        "ReplicationController", "Rollout.argoproj.io", "Service.serving.knative.dev", "StatefulSet.apps",
    }  # fmt: skip


@pytest.mark.parametrize("namespace", ["", "default"], ids=["as the file has it", "as kubectl sends it"])
def test_a_bare_deployment_prints_few_lines(default: Configuration, namespace: str) -> None:
    manifests = gather([str(HERE / "bare/nginx.yaml")])
    [document] = manifests.objects
    request = msgspec.structs.replace(creation_of(document, document.value), namespace=namespace)
    decision = wiring.engine_for(default, manifests).judge(request)
    assert decision.allowed
    assert 1 <= len(warnings(decision)) <= LINES


def test_the_summary_tells_of_every_folder_and_of_all() -> None:
    lines = list(summary("observe"))
    assert lines[0].startswith("profile observe")
    assert [line.split()[0] for line in lines[1 : lines.index("")]] == [*FOLDERS, "all"]
    assert lines[lines.index("") + 1 :] == []

"""What is told of the decisions of a process: its log and its metrics."""

from collections.abc import Iterator

import pytest

from tests.service.harness import Served, serving, until
from tests.unit.webhook.builders import ID, UID, pod, review

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]

SECRET = "hunter2"  # what must not be found in the log


@pytest.fixture(name="served", scope="module")
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A process that has denied a dry run full of secrets, allowed one, and could not read one."""
    offender = pod(privileged=True)
    offender["metadata"] |= {"annotations": {"note": SECRET}, "labels": {"note": SECRET}}
    offender["spec"]["containers"][0] |= {
        "env": [{"name": "PASSWORD", "value": SECRET}],
        "args": [SECRET],
        "command": [SECRET],
    }
    with serving(tmp_path_factory.mktemp("observation")) as served:
        served.post(review(object=offender, dryRun=True, operation="UPDATE", requestKind=None))
        served.post(review())
        served.post(review(uid="cut")[:-1])
        yield served


def test_each_decision_is_a_line(served: Served) -> None:
    lines = until(lambda: (found := [line for line in served.lines if line["msg"] == "decision"])[2:] and found)
    kept = [{key: value for key, value in line.items() if key not in ("ts", "ms")} for line in lines]
    pods = {"msg": "decision", "id": ID, "uid": UID, "user": "alice", "kind": "Pod", "namespace": "shop", "name": "web"}
    found = {
        "policy": "privileged",
        "mode": "enforce",
        "path": "spec.containers[0].securityContext.privileged",
        "message": 'container "api" runs privileged',
    }
    assert kept[:2] == [
        pods | {"level": "info", "operation": "UPDATE", "allowed": False, "dryRun": True, "findings": [found]},
        pods | {"level": "info", "operation": "CREATE", "allowed": True, "dryRun": False, "findings": []},
    ]
    assert kept[2]["findings"] == [
        {
            "policy": "GW006",
            "mode": "enforce",
            "path": "",
            "message": "the review is not JSON: Input data was truncated",
            "error": True,
        }
    ]
    assert (kept[2]["level"], kept[2]["uid"], kept[2]["allowed"]) == ("warning", "cut", False)
    assert all(0 < line["ms"] < 5000 for line in lines)


def test_nothing_of_an_object_is_in_the_log(served: Served) -> None:
    until(lambda: len(served.lines) == 4)
    assert SECRET not in served.log.read_text()


@pytest.mark.parametrize(
    ("sample", "value"),
    [
        ('gatewright_reviews_total{allowed="false",dry_run="true",operation="UPDATE"}', 1),
        ('gatewright_reviews_total{allowed="true",dry_run="false",operation="CREATE"}', 1),
        ('gatewright_reviews_total{allowed="false",dry_run="false",operation="unknown"}', 1),
        ('gatewright_findings_total{mode="enforce",policy="privileged"}', 1),
        ('gatewright_undecided_total{failure="GW006"}', 1),
        ('gatewright_review_duration_seconds_bucket{le="+Inf"}', 3),
        ("gatewright_review_duration_seconds_count", 3),
    ],
)
def test_each_decision_is_counted(served: Served, sample: str, value: int) -> None:
    assert served.metric(sample) == value


def test_an_exemplar_leads_to_the_decision(served: Served) -> None:
    status, text = served.get("/metrics", "application/openmetrics-text; version=1.0.0")
    assert status == 200
    assert f'# {{decision="{ID}"}} ' in text
    assert text.endswith("# EOF\n")


def test_a_probe_may_be_a_head(served: Served) -> None:
    assert served.get("/readyz", method="HEAD") == (200, "")

from datetime import UTC, datetime

import pytest
from prometheus_client.exposition import choose_encoder, generate_latest

from gatewright.engine.decision import Decision, Failure, Finding, Mode
from gatewright.engine.world import StoreState
from gatewright.model.review import AdmissionRequest
from gatewright.policy import Severity
from gatewright.webhook.metrics import Metrics
from tests.unit.webhook.builders import ID, UID

CREATE = AdmissionRequest(UID, operation="CREATE")
DRY = AdmissionRequest(UID, operation="CREATE", dry_run=True)
DENIED = Decision(
    (
        Finding("privileged", Severity.HIGH, Mode.ENFORCE, (), "a"),
        Finding("privileged", Severity.HIGH, Mode.ENFORCE, (), "b"),
        Finding("sysctls", Severity.HIGH, Mode.WARN, (), "c"),
        Finding("sysctls", Severity.HIGH, Mode.ENFORCE, (), "d", failure=Failure.RAISED),
    )
)


def samples(metrics: Metrics, *families: str) -> list[str]:
    """The sample lines of some families, in the plain format."""
    lines = generate_latest(metrics.registry).decode().splitlines()
    return [line for line in lines if line.startswith(tuple(f"gatewright_{family}" for family in families))]


def test_decisions_are_counted() -> None:
    metrics = Metrics()
    metrics.decision(CREATE, Decision(), 0.001)
    metrics.decision(CREATE, Decision(), 0.001)
    metrics.decision(DRY, DENIED, 0.001)
    metrics.decision(None, DENIED, 0.001)
    assert samples(metrics, "reviews", "findings", "undecided") == [
        'gatewright_reviews_total{allowed="true",dry_run="false",operation="CREATE"} 2.0',
        'gatewright_reviews_total{allowed="false",dry_run="true",operation="CREATE"} 1.0',
        'gatewright_reviews_total{allowed="false",dry_run="false",operation="unknown"} 1.0',
        'gatewright_findings_total{mode="enforce",policy="privileged"} 4.0',
        'gatewright_findings_total{mode="warn",policy="sysctls"} 2.0',
        'gatewright_undecided_total{failure="GW001"} 2.0',
    ]


def test_an_invented_operation_makes_no_series() -> None:
    metrics = Metrics()
    for number in range(3):
        metrics.decision(AdmissionRequest(UID, operation=f"INVENTED-{number}"), Decision(), 0)
    assert samples(metrics, "reviews") == [
        'gatewright_reviews_total{allowed="true",dry_run="false",operation="unknown"} 3.0'
    ]


@pytest.mark.parametrize(
    ("seconds", "bucket"), [(0.0, "0.0001"), (0.0001, "0.0001"), (0.00011, "0.00025"), (30.0, "30.0"), (31.0, "+Inf")]
)
def test_a_duration_is_in_its_bucket_and_all_above(seconds: float, bucket: str) -> None:
    metrics = Metrics()
    metrics.decision(CREATE, Decision(), seconds)
    counts = {line.split('"')[1]: line.split()[-1] for line in samples(metrics, "review_duration_seconds_bucket")}
    names = list(counts)
    assert len(names) == 18
    assert [counts[name] for name in names] == ["0.0"] * names.index(bucket) + ["1.0"] * (18 - names.index(bucket))
    assert samples(metrics, "review_duration_seconds_count", "review_duration_seconds_sum") == [
        "gatewright_review_duration_seconds_count 1.0",
        f"gatewright_review_duration_seconds_sum {seconds!r}",
    ]


def test_the_latest_decision_of_a_bucket_is_its_exemplar() -> None:
    metrics = Metrics()
    metrics.decision(None, DENIED, 0.02)
    metrics.decision(CREATE, Decision(), 0.04)
    open_metrics, _ = choose_encoder("application/openmetrics-text")
    (line,) = [line for line in open_metrics(metrics.registry).decode().splitlines() if " # " in line]
    name, count, _, label, value, at = line.split(" ")
    assert (name, count, label, value) == (
        'gatewright_review_duration_seconds_bucket{le="0.05"}',
        "2.0",
        f'{{decision="{ID}"}}',
        "0.04",
    )
    assert 0 <= datetime.now(UTC).timestamp() - float(at) < 60


def test_the_configuration_and_the_certificate_are_there() -> None:
    metrics = Metrics()
    metrics.config_hash = "8628e3c1422e"
    metrics.certificate_not_after = datetime(2027, 1, 1, tzinfo=UTC)
    metrics.config_reloads[True] += 2
    metrics.certificate_reloads[False] += 1
    assert samples(metrics, "config", "certificate") == [
        'gatewright_config_info{hash="8628e3c1422e"} 1.0',
        'gatewright_config_reloads_total{result="taken"} 2.0',
        'gatewright_config_reloads_total{result="refused"} 0.0',
        'gatewright_certificate_reloads_total{result="taken"} 0.0',
        'gatewright_certificate_reloads_total{result="refused"} 1.0',
        "gatewright_certificate_not_after_seconds 1.7987616e+09",
    ]


def test_what_is_reflected_of_the_cluster_is_told() -> None:
    metrics = Metrics()
    assert samples(metrics, "store") == []
    states = [StoreState("namespaces", 12, True, 1, 0), StoreState("services", 0, False, 0, 3)]
    metrics.stores = lambda: states
    assert samples(metrics, "store") == [
        'gatewright_store_objects{kind="namespaces"} 12.0',
        'gatewright_store_objects{kind="services"} 0.0',
        'gatewright_store_synced{kind="namespaces"} 1.0',
        'gatewright_store_synced{kind="services"} 0.0',
        'gatewright_store_relists_total{kind="namespaces"} 1.0',
        'gatewright_store_relists_total{kind="services"} 0.0',
        'gatewright_store_failures_total{kind="namespaces"} 0.0',
        'gatewright_store_failures_total{kind="services"} 3.0',
    ]

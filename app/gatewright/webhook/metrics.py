"""The metrics: plain counters, which cost an addition a review, behind a collector that names them when it is asked."""

import bisect
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import CollectorRegistry
from prometheus_client.samples import Exemplar

from gatewright.engine.decision import Decision, decision_id
from gatewright.engine.world import StoreState
from gatewright.model.review import OPERATIONS, AdmissionRequest

BUCKETS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the durations, in seconds."""


class Metrics:
    """Counts what is observed. Not safe for threads: everything that counts runs in one event loop."""

    def __init__(self, quarantined: Collection[str] = ()) -> None:
        """Takes the ids of the policies that are not run."""
        self.quarantined = sorted(quarantined)
        self.config_hash = ""
        self.certificate_not_after: datetime | None = None
        self.config_reloads = Counter[bool]({True: 0, False: 0})
        self.certificate_reloads = Counter[bool]({True: 0, False: 0})
        self.stores: Callable[[], Iterable[StoreState]] = tuple
        self._reviews = Counter[tuple[str, bool, bool]]()
        self._findings = Counter[tuple[str, str]]()
        self._undecided = Counter[str]()
        self._counts = [0] * (len(BUCKETS) + 1)
        self._latest: list[tuple[str, float, float] | None] = [None] * len(self._counts)
        self._seconds = 0.0
        self.registry = CollectorRegistry()
        self.registry.register(self)

    def decision(self, request: AdmissionRequest | None, decision: Decision, seconds: float) -> None:
        """Counts a decision."""
        # An operation is anybody's text where the caller is no API server: unknown ones must not make series.
        operation = request.operation if request and request.operation in OPERATIONS else "unknown"
        self._reviews[operation, decision.allowed, request is not None and request.dry_run] += 1
        for finding in decision.findings:
            if finding.failure:
                self._undecided[finding.failure] += 1
            else:
                self._findings[finding.policy, str(finding.mode)] += 1
        bucket = bisect.bisect_left(BUCKETS, seconds)
        self._counts[bucket] += 1
        self._seconds += seconds
        if request is not None:
            self._latest[bucket] = (request.uid, seconds, time.time())

    def collect(self) -> Iterator[Metric]:
        """The families, as prometheus_client asks for them."""
        reviews = CounterMetricFamily(
            "gatewright_reviews", "Reviews that were answered.", labels=("operation", "allowed", "dry_run")
        )
        for (operation, allowed, dry_run), number in self._reviews.items():
            reviews.add_metric((operation, _word(allowed), _word(dry_run)), number)
        yield reviews
        findings = CounterMetricFamily("gatewright_findings", "Violations that were found.", labels=("policy", "mode"))
        for (policy, mode), number in self._findings.items():
            findings.add_metric((policy, mode), number)
        yield findings
        undecided = CounterMetricFamily("gatewright_undecided", "Failures to decide, by their id.", labels=("failure",))
        for failure, number in self._undecided.items():
            undecided.add_metric((failure,), number)
        yield undecided
        yield self._durations()
        yield InfoMetricFamily("gatewright_config", "The configuration that serves.", {"hash": self.config_hash})
        for name, text, results in (
            ("gatewright_config_reloads", "Changed configurations, taken up or refused.", self.config_reloads),
            ("gatewright_certificate_reloads", "Changed certificates, taken up or refused.", self.certificate_reloads),
        ):
            reloads = CounterMetricFamily(name, text, labels=("result",))
            for taken, number in results.items():
                reloads.add_metric(("taken" if taken else "refused",), number)
            yield reloads
        left_out = GaugeMetricFamily(
            "gatewright_quarantined", "1 for a policy that is not run, since it did not return.", labels=("policy",)
        )
        for policy in self.quarantined:
            left_out.add_metric((policy,), 1)
        yield left_out
        yield from _stores(list(self.stores()))
        if self.certificate_not_after is not None:
            yield GaugeMetricFamily(
                "gatewright_certificate_not_after_seconds",
                "When the serving certificate expires, in seconds since 1970.",
                self.certificate_not_after.timestamp(),
            )

    def _durations(self) -> Metric:
        buckets: list[tuple[str, float] | tuple[str, float, Exemplar]] = []
        below = 0
        for bound, number, latest in zip((*BUCKETS, "+Inf"), self._counts, self._latest, strict=True):
            below += number
            if latest is None:
                buckets.append((str(bound), below))
            else:
                uid, seconds, at = latest
                buckets.append((str(bound), below, Exemplar({"decision": decision_id(uid)}, seconds, at)))
        return HistogramMetricFamily(
            "gatewright_review_duration_seconds",
            "Seconds from the whole body of a review to its answer.",
            buckets=buckets,
            sum_value=self._seconds,
        )


def _stores(states: list[StoreState]) -> Iterator[Metric]:
    """What is reflected of the cluster; nothing where it is not reflected."""
    objects = GaugeMetricFamily("gatewright_store_objects", "Objects of the cluster that are held.", labels=("kind",))
    synced = GaugeMetricFamily("gatewright_store_synced", "Whether they are believed.", labels=("kind",))
    relists = CounterMetricFamily("gatewright_store_relists", "Times that all were read again.", labels=("kind",))
    failures = CounterMetricFamily("gatewright_store_failures", "Times that they could not be.", labels=("kind",))
    for state in states:
        labels = (state.resource,)
        objects.add_metric(labels, state.objects)
        synced.add_metric(labels, state.is_synced)
        relists.add_metric(labels, state.relists)
        failures.add_metric(labels, state.failures)
    if states:
        yield from (objects, synced, relists, failures)


def _word(flag: bool) -> str:
    return "true" if flag else "false"

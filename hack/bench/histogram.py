"""A histogram of Prometheus, read from two scrapes: what happened between them."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families


@dataclass(frozen=True)
class Histogram:
    """`buckets` has, by upper bound in seconds, how many observations were at most so long; the last is of infinity."""

    buckets: tuple[tuple[float, float], ...]
    sum: float = 0.0

    @property
    def count(self) -> float:
        """Observations in all."""
        return self.buckets[-1][1] if self.buckets else 0.0

    @property
    def mean(self) -> float:
        """Seconds."""
        return self.sum / self.count

    def since(self, before: "Histogram") -> "Histogram":
        """What has come since; a series without observations is not there yet."""
        earlier = dict(before.buckets)
        buckets = tuple((bound, number - earlier.get(bound, 0.0)) for bound, number in self.buckets)
        return Histogram(buckets, self.sum - before.sum)

    def quantile(self, share: float) -> float:
        """Seconds that so large a share does not exceed, as PromQL's histogram_quantile has it: within a bucket the
        observations count as evenly spread, and what is in the last one counts as its lower bound."""
        rank, below, lower = share * self.count, 0.0, 0.0
        for bound, number in self.buckets:
            if number >= rank and number > below:
                return lower if math.isinf(bound) else lower + (bound - lower) * (rank - below) / (number - below)
            below, lower = number, bound
        return math.nan

    def share_within(self, seconds: float) -> float:
        """The share of observations of at most so many seconds, which must be the bound of a bucket."""
        return dict(self.buckets)[seconds] / self.count


def read(exposition: str, name: str, labels: Mapping[str, str]) -> Histogram:
    """The histogram of a name in an exposition, all series together that have the labels."""
    buckets: dict[float, float] = {}
    total = 0.0
    for sample, own, value in _samples(exposition, name):
        if not labels.items() <= own.items():
            continue
        if sample == f"{name}_bucket":
            bound = float(own["le"])
            buckets[bound] = buckets.get(bound, 0.0) + value
        elif sample == f"{name}_sum":
            total += value
    return Histogram(tuple(sorted(buckets.items())), total)


def _samples(exposition: str, name: str) -> Iterator[tuple[str, Mapping[str, str], float]]:
    """Only the lines of that name are parsed: an API server's exposition has megabytes."""
    lines = [line for line in exposition.splitlines(keepends=True) if line.startswith((name, f"# TYPE {name} "))]
    for family in text_string_to_metric_families("".join(lines)):
        for sample in family.samples:
            yield sample.name, sample.labels, sample.value

import asyncio
import io
import json
from collections.abc import Callable
from typing import Any

from cryptography import x509

from gatewright.engine import config
from gatewright.engine.config import Configuration
from gatewright.engine.reading import ConfigError
from gatewright.webhook.certificate import Certificate, Pair
from gatewright.webhook.log import Log
from gatewright.webhook.metrics import Metrics
from gatewright.webhook.refresh import Refresh
from gatewright.webhook.self_signed import self_signed
from tests.unit.webhook.builders import engine

FIRST, SECOND = self_signed(), self_signed()
STRICT = config.load(profile="strict")


class Current:
    """Refuses, accepts or fails as it is told."""

    def __init__(self) -> None:
        self.engine = engine()
        self.next: ConfigError | Configuration | Exception | None = None

    def lacks(self, misses: object) -> bool:
        del misses
        return False

    async def look_up(self, misses: object, seconds: float) -> bool:
        del misses, seconds
        return False

    def forget(self, namespace: str) -> None:
        del namespace

    def refresh(self, refused: Callable[[ConfigError], None], accepted: Callable[[Configuration], None]) -> None:
        match self.next:
            case ConfigError():
                refused(self.next)
            case Configuration():
                accepted(self.next)
            case Exception():
                raise self.next


class Kept:
    """Everything that a Refresh needs, and what it tells."""

    def __init__(self) -> None:
        self.current = Current()
        self.pair: Pair = FIRST
        self.metrics = Metrics()
        self.stream = io.BytesIO()
        certificate = Certificate(lambda: self.pair)
        self.refresh = Refresh(self.current, certificate, self.metrics, Log(self.stream))

    def configuration(self, change: ConfigError | Configuration | Exception | None) -> None:
        """Looks at the configuration after a change."""
        self.current.next = change
        asyncio.run(self.refresh.configuration())

    def logged(self) -> list[dict[str, Any]]:
        """The lines, without their times."""
        return [
            {key: value for key, value in json.loads(line).items() if key != "ts"}
            for line in self.stream.getvalue().splitlines()
        ]


def test_nothing_is_told_where_nothing_changes() -> None:
    kept = Kept()
    kept.configuration(None)
    kept.refresh.certificate()
    assert kept.logged() == []
    assert (kept.metrics.config_reloads, kept.metrics.certificate_reloads) == ({True: 0, False: 0}, {True: 0, False: 0})


def test_a_configuration_that_is_taken_up_is_counted_and_told() -> None:
    kept = Kept()
    kept.configuration(STRICT)
    assert kept.metrics.config_hash == STRICT.hash
    assert kept.metrics.config_reloads == {True: 1, False: 0}
    assert kept.logged() == [
        {"level": "info", "msg": "configuration reloaded", "config": STRICT.hash, "profile": "strict"}
    ]


def test_one_that_is_refused_is_counted_and_told() -> None:
    kept = Kept()
    kept.configuration(ConfigError(["a.yaml:1: bad", "a.yaml:2: worse"]))
    assert kept.metrics.config_reloads == {True: 0, False: 1}
    assert kept.logged() == [
        {
            "level": "error",
            "msg": "configuration refused, the last one stays",
            "errors": ["a.yaml:1: bad", "a.yaml:2: worse"],
        }
    ]


def test_a_look_that_fails_is_told_and_not_the_last() -> None:
    kept = Kept()
    kept.configuration(RuntimeError("strange"))
    kept.configuration(STRICT)
    assert [line["msg"] for line in kept.logged()] == ["configuration not read", "configuration reloaded"]
    assert kept.logged()[0]["error"] == "RuntimeError: strange"


def test_a_certificate_is_taken_up_or_refused_counted_and_told() -> None:
    kept = Kept()
    kept.pair = (SECOND[0], FIRST[1])
    kept.refresh.certificate()
    assert kept.metrics.certificate_reloads == {True: 0, False: 1}
    kept.pair = SECOND
    kept.refresh.certificate()
    assert kept.metrics.certificate_reloads == {True: 1, False: 1}
    not_after = x509.load_pem_x509_certificate(SECOND[0]).not_valid_after_utc
    assert kept.metrics.certificate_not_after == not_after
    assert kept.logged() == [
        {
            "level": "error",
            "msg": "certificate refused, the last one stays",
            "error": "the certificate and its key cannot be used: KEY_VALUES_MISMATCH",
        },
        {"level": "info", "msg": "certificate reloaded", "notAfter": f"{not_after:%Y-%m-%dT%H:%M:%SZ}"},
    ]

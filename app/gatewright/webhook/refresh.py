"""Keeps what serves up to date with the files that it came from."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from gatewright.engine.config import Configuration
from gatewright.engine.decision import Miss
from gatewright.engine.engine import Engine
from gatewright.engine.reading import ConfigError
from gatewright.webhook.certificate import Certificate, CertificateError
from gatewright.webhook.log import Log
from gatewright.webhook.metrics import Metrics

EVERY = 2.0
"""Seconds between two looks."""


class Current(Protocol):
    """The engine that serves now."""

    @property
    def engine(self) -> Engine:
        """Immutable; another one after the configuration changed."""

    def lacks(self, misses: tuple[Miss, ...]) -> bool:
        """Whether there is anything to look up."""

    async def look_up(self, misses: tuple[Miss, ...], seconds: float) -> bool:
        """Looks up what a judgement lacked, for no longer than the seconds given; whether there was anything to do."""

    def forget(self, namespace: str) -> None:
        """What is known of a namespace is about to change."""

    def refresh(self, refused: Callable[[ConfigError], None], accepted: Callable[[Configuration], None]) -> None:
        """Takes up a configuration whose text changed, and tells of it; a bad one is refused and the last one stays.

        Called in a thread, never twice at a time. A text is told of once.
        """


class Refresh:
    """Looks at the configuration and at the certificate, and tells of every change, taken up or refused."""

    def __init__(self, current: Current, certificate: Certificate, metrics: Metrics, log: Log) -> None:
        self._current = current
        self._certificate = certificate
        self._metrics = metrics
        self._log = log

    async def forever(self) -> None:
        """Looks every two seconds."""
        while True:
            await asyncio.sleep(EVERY)
            self.certificate()
            await self.configuration()

    def certificate(self) -> None:
        """Looks at the certificate."""
        try:
            if not self._certificate.refresh():
                return
        except CertificateError as error:
            self._metrics.certificate_reloads[False] += 1
            self._log.event("error", "certificate refused, the last one stays", error=str(error))
        else:
            self._metrics.certificate_reloads[True] += 1
            self._metrics.certificate_not_after = self._certificate.not_after
            self._log.event("info", "certificate reloaded", notAfter=self._certificate.not_after)

    async def configuration(self) -> None:
        """Looks at the configuration; in a thread, since compiling one takes longer than a review should wait."""
        refused: list[ConfigError] = []
        accepted: list[Configuration] = []
        try:
            await asyncio.to_thread(self._current.refresh, refused.append, accepted.append)
        except Exception as error:  # noqa: BLE001  # a look that fails must not be the last one
            self._log.event("error", "configuration not read", error=f"{type(error).__name__}: {error}")
        for refusal in refused:
            self._metrics.config_reloads[False] += 1
            self._log.event("error", "configuration refused, the last one stays", errors=refusal.problems)
        for configuration in accepted:
            self._metrics.config_reloads[True] += 1
            self._metrics.config_hash = configuration.hash
            self._log.event("info", "configuration reloaded", config=configuration.hash, profile=configuration.profile)

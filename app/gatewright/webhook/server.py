"""The webhook as a process: two servers in one event loop, from the first handshake to the last answer."""

import asyncio
import functools
import gc
import logging
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import uvloop

from gatewright import __version__
from gatewright.engine.decision import Decision
from gatewright.model.review import AdmissionRequest
from gatewright.webhook.app import PATH, Webhook
from gatewright.webhook.certificate import Certificate, CertificateError, files
from gatewright.webhook.gathering import Gathering, Stores
from gatewright.webhook.health import Health
from gatewright.webhook.listener import Listener, ListenError, address, listen
from gatewright.webhook.log import Libraries, Log
from gatewright.webhook.metrics import Metrics
from gatewright.webhook.protocol import ReviewProtocol
from gatewright.webhook.refresh import Current, Refresh
from gatewright.webhook.registration import Registration
from gatewright.webhook.self_signed import self_signed
from gatewright.webhook.watchdog import Watchdog, quarantined

LOG_DELAY = 0.05
"""Seconds that a decision's line may wait for others: a write each would cost a third of a review."""

STARTING, STOPPING = "starting", "stopping"
"""Why the webhook is not ready."""


class ServeError(Exception):
    """The webhook cannot start, and why."""


@dataclass(frozen=True, slots=True)
class Options:
    """Where and how to serve.

    Attributes:
        host, port: of the webhook, HTTPS; port 0 takes a free one.
        health_host, health_port: of probes and metrics, plain HTTP.
        certificate, key: PEM files; without them a certificate is made.
        names: what a certificate that is made is for, besides this machine and the Service of deploy/.
        ca_out: where to write a certificate that is made, for clients to trust.
        drain: seconds between SIGTERM and the closing of the listener, in which the API server learns to go elsewhere.
    """

    host: str = "127.0.0.1"
    port: int = 8443
    health_host: str = "127.0.0.1"
    health_port: int = 8080
    certificate: Path | None = None
    key: Path | None = None
    names: tuple[str, ...] = ()
    ca_out: Path | None = None
    drain: float = 10.0


def run(
    options: Options,
    current: Current,
    publish: Callable[[bytes], bool] | None = None,
    stores: Stores | None = None,
    stream: BinaryIO | None = None,
) -> None:
    """Serves until SIGTERM or SIGINT.

    Args:
        options: where and how.
        current: the engine that serves now.
        publish: puts a certificate where the API server reads it, and tells whether that changed anything; the
            webhook is ready only afterwards.
        stores: what is reflected of the cluster; the webhook is ready only when that is there, or could not be.
        stream: takes the log; standard output where None.

    Raises:
        ServeError: an address is taken, or the certificate cannot be served.
    """
    log = Log(stream or sys.stdout.buffer, lambda flush: asyncio.get_running_loop().call_later(LOG_DELAY, flush))
    libraries = Libraries(log)
    logging.getLogger().addHandler(libraries)
    try:
        certificate = _certificate(options)
        with listen(options.host, options.port) as webhook, listen(options.health_host, options.health_port) as health:
            published = functools.partial(publish, certificate.pem) if publish else None
            server = Server(current, certificate, Registration(published, log), stores, log, options.drain)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(server.main(webhook, health))
    except (CertificateError, ListenError) as error:
        raise ServeError(str(error)) from None
    finally:
        logging.getLogger().removeHandler(libraries)


def _certificate(options: Options) -> Certificate:
    if options.certificate and options.key:
        if options.names or options.ca_out:
            raise CertificateError("names and ca-out go with a certificate that is made: leave them out, or give none")
        return Certificate(files(options.certificate, options.key))
    pair = self_signed(options.names)
    if options.ca_out:
        try:
            options.ca_out.write_bytes(pair[0])
        except OSError as error:
            raise CertificateError(f"{options.ca_out}: cannot be written: {error.strerror}") from None
    return Certificate(lambda: pair)


class Server:
    """The process: what its two applications share, and when it starts and stops."""

    def __init__(
        self,
        current: Current,
        certificate: Certificate,
        registration: Registration,
        stores: Stores | None,
        log: Log,
        drain: float,
    ) -> None:
        self._current = current
        self._certificate = certificate
        self._log = log
        self._drain = drain
        self._metrics = Metrics(quarantined())
        self._unready: str | None = STARTING
        self._stop = asyncio.Event()
        self._refresh = Refresh(current, certificate, self._metrics, log)
        self._webhook = Webhook(current, self._observe)
        self._registration = registration
        self._gathering = gathering = Gathering(stores, log)
        self._metrics.stores = stores.states if stores else tuple
        self._health = Health(lambda: self._unready or gathering.pending or registration.pending, self._metrics)

    def _observe(self, request: AdmissionRequest | None, decision: Decision, seconds: float) -> None:
        self._metrics.decision(request, decision, seconds)
        self._log.decision(request, decision, seconds)

    async def main(self, webhook_socket: socket.socket, health_socket: socket.socket) -> None:
        """Serves on two sockets until a signal comes."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._leave, self._drain)
        loop.add_signal_handler(signal.SIGINT, self._leave, 0.0)
        webhook = Listener(self._webhook, webhook_socket, self._certificate.context, ReviewProtocol)
        health = Listener(self._health, health_socket)
        async with asyncio.TaskGroup() as group:
            webhook_ended = group.create_task(webhook.run_until_told())
            health_ended = group.create_task(health.run_until_told())
            await webhook.listening.wait()
            await health.listening.wait()
            self._started(webhook_socket, health_socket)
            watchdog = Watchdog(self._stuck)
            lasting = [
                group.create_task(each)
                for each in (
                    self._refresh.forever(),
                    self._gathering.forever(),
                    self._registration.forever(),
                    watchdog.forever(),
                )
            ]
            await self._stop.wait()
            webhook.should_exit = True
            await webhook_ended
            for task in lasting:
                task.cancel()
            health.should_exit = True
            await health_ended
        self._log.event("info", "stopped")

    def _started(self, webhook: socket.socket, health: socket.socket) -> None:
        for policy in self._metrics.quarantined:
            self._log.event("error", "a policy is quarantined: it did not return", policy=policy)
        configuration = self._current.engine.configuration
        self._metrics.config_hash = configuration.hash
        self._metrics.certificate_not_after = self._certificate.not_after
        gc.collect()
        gc.freeze()  # what is there now stays: no collection during a review looks at it again
        if self._unready == STARTING:
            self._unready = None
        self._log.event(
            "info",
            "serving",
            version=__version__,
            config=configuration.hash,
            profile=configuration.profile,
            policies=len(configuration.catalog.entries),
            webhook=f"https://{address(webhook)}{PATH}",
            health=f"http://{address(health)}",
            certificateNotAfter=self._certificate.not_after,
        )

    def _stuck(self, policy: str) -> None:
        """In the watchdog's thread, while the event loop is kept by the policy."""
        why = "a policy does not return: the process is replaced, and it is quarantined until a restart"
        self._log.event("error", why, policy=policy)

    def _leave(self, seconds: float) -> None:
        """Not ready from now on, and still there for whoever does not know yet; then the listener closes."""
        self._unready = STOPPING
        self._webhook.validate.closing = True
        self._log.event("info", "stopping", seconds=seconds)
        asyncio.get_running_loop().call_later(seconds, self._stop.set)

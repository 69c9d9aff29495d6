"""Has the API server trust the certificate: until it does, nobody can ask, and nobody should be sent here."""

import asyncio
from collections.abc import Callable

from gatewright.webhook.log import Log

RETRY = 1.0
"""Seconds until a registration that failed is tried again."""

EVERY = 10.0
"""Seconds between two looks at one that was made."""

Publish = Callable[[], bool]
"""Puts the certificate where the API server reads it; whether that changed anything. Raises where it cannot."""


class Registration:
    """Keeps the certificate published. `pending` is why nobody can ask yet, None once it was published.

    A look that fails later says nothing of those who ask: the certificate is where it was. To take them away from a
    service that answers would make nothing better, so it is told, and looked at again.
    """

    def __init__(self, publish: Publish | None, log: Log) -> None:
        self._publish = publish
        self._log = log
        self._failure: str | None = None
        self.pending: str | None = None if publish is None else "not registered yet"

    async def forever(self) -> None:
        """Publishes, tries again where that fails, and looks again later: somebody may have changed it."""
        if self._publish is None:
            return
        while True:
            try:
                changed = await asyncio.to_thread(self._publish)
            except Exception as error:  # noqa: BLE001  # whatever keeps it from being published is told, and tried again
                self._failed(str(error))
                await asyncio.sleep(RETRY)
            else:
                if changed or self.pending is not None or self._failure is not None:
                    self._log.event("info", "registered", changed=changed)
                self.pending = self._failure = None
                await asyncio.sleep(EVERY)

    def _failed(self, reason: str) -> None:
        if self._failure != reason:
            self._failure = reason
            self._log.event("error", "not registered", error=reason)
        if self.pending is not None:
            self.pending = f"not registered: {reason}"

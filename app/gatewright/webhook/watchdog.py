"""Finds a policy that never returns: the process is replaced, and the policy left out from then on.

Policies run in the event loop, so that one which does not come back keeps all others, the probes among them, from being
answered. What was in flight is the API server's failurePolicy's.
"""

import asyncio
import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Collection, Mapping
from types import FrameType
from typing import NoReturn

from gatewright.engine.rules import Rule

STUCK = 10.0
"""Seconds for which the event loop may not turn: far longer than a review that is judged part by part."""

EVERY = 1.0
"""Seconds between two looks, and between two turns that are noted."""

QUARANTINE = "GATEWRIGHT_QUARANTINE"
"""The environment variable with the ids of the policies that are left out, separated by commas."""


def quarantined(environment: Mapping[str, str] = os.environ) -> frozenset[str]:
    """The ids of the policies that are left out."""
    return frozenset(id_ for id_ in environment.get(QUARANTINE, "").split(",") if id_)


def judging(frame: FrameType | None) -> str | None:
    """The id of the policy that a frame runs in, or None where it runs in none."""
    while frame is not None:
        rule = frame.f_locals.get("rule")
        if isinstance(rule, Rule):
            return rule.policy.id
        frame = frame.f_back
    return None


def replace(ids: Collection[str]) -> NoReturn:
    """Starts the program anew in this very process, with policies left out: its sockets are closed by that."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
    os.execve(  # noqa: S606  # the very command that this process was started by
        sys.executable, [sys.executable, *sys.orig_argv[1:]], os.environ | {QUARANTINE: ",".join(sorted(ids))}
    )


class Watchdog:
    """A thread that looks whether the event loop turns."""

    def __init__(
        self,
        told: Callable[[str], None],
        replaced: Callable[[Collection[str]], None] = replace,
        stuck: float = STUCK,
    ) -> None:
        """Watches the thread that makes it.

        Args:
            told: is told the id of a policy that does not return, before the process is replaced.
            replaced: replaces it; given the ids of all that are left out then.
            stuck: seconds.
        """
        self._told = told
        self._replaced = replaced
        self._stuck = stuck
        self._watched = threading.get_ident()
        self._turned = time.monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    async def forever(self) -> None:
        """Looks until it is cancelled; as a task of the loop that is watched it notes that the loop turns."""
        self._turned = time.monotonic()
        self._thread.start()
        try:
            while True:
                await asyncio.sleep(min(EVERY, self._stuck / 4))
                self._turned = time.monotonic()
        finally:
            self._ended.set()
            self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(min(EVERY, self._stuck / 4)):
            if time.monotonic() - self._turned < self._stuck:
                continue
            policy = judging(sys._current_frames().get(self._watched))  # documented, and the only way
            if policy is not None:
                self._told(policy)
                self._replaced(quarantined() | {policy})

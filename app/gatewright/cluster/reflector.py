"""Keeps the store of one kind as an API server has it: a list by its pages, then a watch that goes on where it ended.

In a thread of its own, since the official client blocks. Nothing is shared with the thread that judges: what is read is
decoded here, and handed over in small parts, each of which holds up a review for less than a millisecond.
"""

import random
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from gatewright.cluster.api import Api, Forbidden, Gone, NoPath
from gatewright.cluster.changes import Page, event_of, page_of
from gatewright.cluster.discovery import find
from gatewright.cluster.held import Key
from gatewright.cluster.kept import Kept
from gatewright.cluster.pages import Pager
from gatewright.engine.world import Unavailable
from gatewright.model.kinds import STORED, path_of
from gatewright.model.schema import Malformed

PAGE = 100
"""Objects of a list that are asked for at once, at first."""

PAGE_BYTES = 2 << 20
"""Bytes of a page; where it has more, smaller pages are asked for, down to one object."""

LISTING = 20.0
"""Seconds that a page may take."""

PAUSE = 0.002
"""Seconds between two pages, for those who judge: whoever decodes keeps the interpreter to itself."""

SILENCE = 150.0
"""Seconds without a byte after which a watch counts as broken: an API server sends a bookmark every minute."""

WATCHING = (300, 600)
"""Seconds for which a watch is asked for, by chance: those of many replicas must not end together."""

STEADY = 5.0
"""Seconds that a watch has to last to count as one that works."""

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds before a failure is tried again: twice as long each time, and never longer."""

UNSERVED = 60.0
"""Seconds between two questions whether a kind is served by now."""

Post = Callable[[Callable[[], object]], object]
"""Has something done in the thread that judges, soon, in the order in which it was given."""


class Tell(Protocol):
    """Takes a line of the log."""

    def __call__(self, level: str, msg: str, **fields: object) -> object: ...


class Reflector:
    """A kind's."""

    def __init__(
        self,
        api: Api,
        kept: Kept[Any],
        post: Post,
        tell: Tell,
        *,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Takes what it reads from, what it keeps, how it reaches that, and whom it tells of failures.

        `chance` gives numbers from 0 to 1.
        """
        self._api = api
        self._kept = kept
        self._post = post
        self._tell = tell
        self._clock = clock
        self._chance = chance
        self._key = STORED[kept.kind]
        self._read_at(path_of(self._key))
        self._version = ""
        self._failures = 0
        self._is_expired = False
        self._told = ""
        self._stopping = threading.Event()

    def _read_at(self, path: str) -> None:
        self._path = path
        self._pager = Pager(self._api, path, objects=PAGE, size=PAGE_BYTES, timeout=LISTING)

    def start(self) -> None:
        """Begins, in a thread that ends with the process."""
        threading.Thread(target=self.run, name=f"reflector of {self._kept.resource}", daemon=True).start()

    def stop(self) -> None:
        """Ends it, at the next thing that it is told of at the latest."""
        self._stopping.set()

    def run(self) -> None:
        """Goes on until it is stopped."""
        while not self._stopping.is_set():
            self._stopping.wait(self.step())

    def step(self) -> float:
        """Lists if it must, watches until that ends; the seconds to wait before the next step. Never raises."""
        try:
            if not self._version:
                self._list()
            return self._watch()
        except Gone as error:
            self._version = ""
            if not self._is_expired:  # an API server that has forgotten: nothing is wrong
                self._is_expired = True
                self._post(self._kept.stopped)
                return 0.0
            return self._failed(str(error))
        except NoPath as error:
            self._version = ""
            return self._look(error)
        except Forbidden as error:
            self._version = ""
            return self._failed(str(error), is_forbidden=True)
        except Malformed as error:
            self._version = ""
            return self._failed(f"GET {self._path}: the answer {error}")
        except Unavailable as error:
            return self._failed(str(error))
        except Exception as error:  # noqa: BLE001  # whatever it is, the store must not be believed for good
            self._version = ""
            return self._failed(f"GET {self._path}: {type(error).__name__}")

    def _list(self) -> None:
        keys: set[Key] = set()
        page = self._page()
        while True:
            keys.update(change.key for change in page.changes)
            self._post(partial(self._kept.change, page.changes))
            if not page.following:
                break
            self._stopping.wait(PAUSE)
            page = self._page(page.following)
        self._version = page.version
        self._post(partial(self._kept.listed, keys))

    def _page(self, following: str = "") -> Page:
        return page_of(self._kept.kind, self._pager.read(following), self._path)

    def _watch(self) -> float:
        """Takes what changes until the API server ends it; the seconds to wait."""
        least, most = WATCHING
        began = self._clock()
        try:
            with self._api.watch(
                self._path,
                silence=SILENCE,
                resourceVersion=self._version,
                allowWatchBookmarks="true",
                timeoutSeconds=int(least + (most - least) * self._chance()),
            ) as lines:
                self._post(self._kept.watching)
                self._well("synced")
                for line in lines:
                    if self._stopping.is_set():
                        break
                    version, change = event_of(self._kept.kind, line, self._path)
                    if change:
                        self._post(partial(self._kept.change, [change]))
                    self._version = version
        finally:
            is_steady = self._clock() - began >= STEADY
            if is_steady:
                self._failures, self._is_expired = 0, False
        self._post(self._kept.stopped)
        return 0.0 if is_steady else self._wait()

    def _look(self, error: NoPath) -> float:
        """Looks where the kind is served, if it is: another version, or no such kind for now."""
        try:
            served = find(self._api, self._key)
        except (Unavailable, Malformed) as failure:
            return self._failed(str(failure))
        if served is None:
            self._post(partial(self._kept.listed, set(), is_served=False))
            self._well("not served")
            return UNSERVED
        if served.path() == self._path:
            return self._failed(str(error))
        self._read_at(served.path())
        self._post(partial(self._kept.moved, served))
        return 0.0

    def _well(self, msg: str) -> None:
        """What is held is what there is."""
        if self._told != msg:
            self._told = msg
            self._post(partial(self._tell, "info", msg, resource=self._kept.resource))

    def _failed(self, reason: str, *, is_forbidden: bool = False) -> float:
        self._post(partial(self._kept.failed, reason, is_forbidden=is_forbidden))
        if self._told != reason:
            self._told = reason
            self._post(partial(self._tell, "error", "not synced", resource=self._kept.resource, error=reason))
        return self._wait()

    def _wait(self) -> float:
        wait = min(FIRST_WAIT * 2.0 ** min(self._failures, 10), LONGEST_WAIT)
        self._failures += 1
        return wait * (0.5 + self._chance() / 2)

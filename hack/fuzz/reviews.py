"""The webhook, given reviews: each answer is held against the oracle."""

import time
from pathlib import Path
from random import Random

from fuzz.mutator import Mutator
from fuzz.oracle.answer import Wrong, outcome
from fuzz.oracle.verdict import verdict
from fuzz.service import Application, Ask, Remote, Unlogged
from fuzz.tally import Tally

SLOW = 5.0
"""Seconds that no answer may take."""

REMOTE = 200
"""One review in so many is asked over TLS as well."""


class Reviews:
    """The webhook's application; now and then a server over TLS as well, whose answer must be the same to the byte."""

    def __init__(self, ask: Ask, remote: Remote | None = None) -> None:
        self._mutator = Mutator()
        self._ask = ask
        self._remote = remote
        self._asked = 0

    @classmethod
    def of(cls, folder: Path, address: tuple[str, Path] | None = None) -> "Reviews":
        """With an application of its own, and the server at an address with its certificate."""
        return cls(Application(folder).ask, Remote(*address) if address else None)

    def close(self) -> None:
        """Lets go of the connection."""
        if self._remote:
            self._remote.close()

    def case(self, rng: Random) -> bytes:
        """A review."""
        return self._mutator.body(rng)

    async def wrong(self, body: bytes, tally: Tally) -> str:
        """Why the answer to a body is wrong; nothing where it is right, and counted."""
        right = verdict(body)
        begun = time.perf_counter()
        try:
            answer = await self._ask(body)
        except Unlogged as error:
            return str(error)
        except Exception as error:  # noqa: BLE001  # whatever escapes the application is what is looked for
            return f"{type(error).__name__} escaped: {error}"
        took = time.perf_counter() - begun
        try:
            came = outcome(body, right, *answer)
        except Wrong as wrong:
            return str(wrong)
        if took > SLOW:
            return f"it took {took:.1f} s"
        self._asked += 1
        if self._remote and self._asked % REMOTE == 0:
            tally.remote += 1
            if (over_tls := self._remote.ask(body)) != answer:
                return f"over TLS {over_tls}, in the process {answer}"
        tally.outcomes[came] += 1
        tally.slowest = max(tally.slowest, took)
        if right.violated is not None and came not in ("denied: malformed", "denied: too deep", "allowed: unchanged"):
            tally.see(right.violated, is_namespace=right.is_namespace)
        return ""

"""Requests at a fixed rate, whether or not the server keeps up: what those see who do not wait for each other."""

import contextlib
import http.client
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench.failure import Failed

Connect = Callable[[], http.client.HTTPSConnection]


@dataclass(frozen=True)
class Request:
    """What is posted; `expected` is the status of its answer, and `contains` a part of that."""

    path: str
    body: bytes
    expected: int = 200
    contains: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


def at_rate(connect: Connect, requests: Sequence[Request], rate: float, connections: int = 16) -> list[float]:
    """Posts requests at a rate; the latency of each in seconds.

    It counts from when a request was due: one that had to wait for a free connection has waited for the server. What
    the client itself sleeps too long does not count.

    Args:
        connect: makes a connection.
        requests: each is sent once.
        rate: a second.
        connections: at most so many requests are under way at once.

    Raises:
        Failed: an answer is not the expected one.
    """
    sender = _Sender(requests, rate)
    threads = [threading.Thread(target=sender.run, args=[connect]) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if sender.failures:
        raise Failed(f"{len(sender.failures)} of {len(requests)} requests failed, first {sender.failures[0]}")
    return sender.latencies


class _Sender:
    def __init__(self, requests: Sequence[Request], rate: float) -> None:
        self._requests = requests
        self._rate = rate
        self._next = 0
        self._lock = threading.Lock()
        self._start = time.monotonic() + 0.2  # by then all threads are there
        self.latencies: list[float] = []
        self.failures: list[str] = []

    def run(self, connect: Connect) -> None:
        """Sends what is due, until nothing is left or something failed."""
        connection = connect()
        try:
            connection.connect()
            while (number := self._take()) < len(self._requests) and not self.failures:
                self._send(connection, number)
        except (OSError, http.client.HTTPException) as error:
            self.failures.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    def _take(self) -> int:
        with self._lock:
            self._next += 1
            return self._next - 1

    def _send(self, connection: http.client.HTTPSConnection, number: int) -> None:
        request = self._requests[number]
        begun = self._start + number / self._rate
        early = begun - time.monotonic()
        if early > 0:
            time.sleep(early)
            begun = time.monotonic()
        connection.request("POST", request.path, request.body, dict(request.headers))
        answer = connection.getresponse()
        content = answer.read()
        self.latencies.append(time.monotonic() - begun)
        if answer.status != request.expected or request.contains not in content:
            self.failures.append(f"{answer.status} {content[:500].decode(errors='replace')}")


@contextlib.contextmanager
def meanwhile(connect: Connect, requests: Sequence[Request], rate: float) -> Iterator[None]:
    """Posts requests at a rate while the block runs, and waits for the last of them.

    Raises:
        Failed: an answer is not the expected one.
    """
    with ThreadPoolExecutor(1) as executor:
        sending = executor.submit(at_rate, connect, requests, rate)
        yield
        sending.result()


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that so large a share of them does not exceed."""
    return sorted(values)[max(1, math.ceil(len(values) * share)) - 1]

"""Stands in for wrk: its command line, requests over TLS with connections that stay open, its script's output.

What an installed wrk adds is speed. This one is a program for tests, which need figures that are real, not high.
"""

import http.client
import json
import ssl
import sys
import time
from urllib.parse import urlsplit


def bodies(file: str) -> list[bytes]:
    """Each behind its length in decimal and a line feed."""
    found = []
    with open(file, "rb") as stream:  # noqa: PTH123  # a program of its own, which starts fast
        while length := stream.readline():
            found.append(stream.read(int(length)))
    return found


def main(url: str, file: str, connections: int, seconds: float) -> None:
    """Posts the bodies in turn, one at a time over each connection in turn."""
    at = urlsplit(url)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # as wrk
    opened = [http.client.HTTPSConnection(at.hostname or "", at.port, context=context) for _ in range(connections)]
    several, refused = bodies(file), 0
    latencies: list[float] = []
    begun = time.monotonic()
    while time.monotonic() < begun + seconds:
        number, sent = len(latencies), time.monotonic()
        connection = opened[number % connections]
        connection.request("POST", "/validate?timeout=10s", several[number % len(several)])
        answer = connection.getresponse()
        answer.read()
        refused += answer.status >= 400
        latencies.append(time.monotonic() - sent)
    elapsed = time.monotonic() - begun
    ordered = sorted(latencies)
    p50, p99 = (int(ordered[int(share * (len(ordered) - 1))] * 1e6) for share in (0.5, 0.99))
    counted = {"requests": len(latencies), "microseconds": int(elapsed * 1e6), "p50": p50, "p99": p99}
    print("Running as wrk does")
    print(json.dumps({**counted, "connect": 0, "read": 0, "write": 0, "status": refused, "timeout": 0}))
    for connection in opened:
        connection.close()


if __name__ == "__main__":
    arguments = {argument[:2]: argument[2:] for argument in sys.argv[1:] if argument[:2] in {"-c", "-d"}}
    main(sys.argv[-3], sys.argv[-1], int(arguments["-c"]), float(arguments["-d"].rstrip("s")))

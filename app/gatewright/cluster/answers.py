"""The bytes of an API server's answers: whole within bounds, or line by line; and what a refusal means."""

import json
import time
from collections.abc import Iterator

import urllib3

from gatewright.cluster.api import MOST_BYTES, Absent, Forbidden, Gone, NoPath, TooLarge
from gatewright.engine.world import Unavailable

PIECE = 1 << 20
"""Bytes that are read of an answer between two looks at the clock."""


def whole(response: urllib3.BaseHTTPResponse, most: int, until: float) -> bytes | None:
    """The body of an answer; None where it has more bytes than that.

    Raises:
        TimeoutError: it has not ended by then, however steadily it comes.
    """
    pieces: list[bytes] = []
    left = most
    while piece := response.read(PIECE):
        pieces.append(piece)
        left -= len(piece)
        if left < 0 or time.monotonic() > until:
            response.close()  # what else comes would be the next answer's
            if left < 0:
                return None
            raise TimeoutError
    return b"".join(pieces)


def lines(response: urllib3.BaseHTTPResponse, what: str) -> Iterator[bytes]:
    """The lines of an answer as they come, without the end of each; one that was cut is none.

    Raises:
        TooLarge: one has more than `MOST_BYTES`.
    """
    pieces: list[bytes] = []
    held = 0
    while piece := response.read1(PIECE):
        *ended, rest = piece.split(b"\n")
        for end in ended:
            yield b"".join((*pieces, end))
            pieces.clear()
            held = 0
        pieces.append(rest)
        held += len(rest)
        if held > MOST_BYTES:
            raise TooLarge(f"{what}: a line of more than {MOST_BYTES:,} bytes")


def refusal(what: str, status: int, data: bytes, *, is_said: bool = False) -> Unavailable:
    """What an answer means that is not the one asked for.

    Args:
        what: was asked, `GET /version`.
        status: of HTTP.
        data: the body.
        is_said: whether its words are repeated.
    """
    reason = f"{what}: {status} {_said(data)}" if is_said else f"{what}: {status}"
    match status:
        case 403:
            return Forbidden(reason)
        case 404:
            return Absent(reason) if _names_an_object(data) else NoPath(reason)
        case 405:
            return NoPath(reason)
        case 410:
            return Gone(reason)
    return Unavailable(reason)


def _names_an_object(data: bytes) -> bool:
    """Whether a Status tells that an object is not there: a proxy, or a path that there is not, answers 404 as well."""
    try:
        told = json.loads(data)
        return bool(told["reason"] == "NotFound" and told["details"]["name"])
    except (ValueError, LookupError, TypeError):
        return False


def _said(data: bytes) -> str:
    """What a Status of the API server says, in short."""
    try:
        return str(json.loads(data)["message"])[:200]
    except (ValueError, LookupError, TypeError):
        return ""

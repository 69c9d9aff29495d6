"""Requests that are less simple than a review that arrives whole: their answers are the same."""

import contextlib
import json
import re
from collections.abc import Iterable

import pytest

from tests.service.harness import Served
from tests.unit.webhook.builders import UID, review

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]


def post(number: int = 1, *, headers: str = "", path: str = "/validate?timeout=10s", version: str = "1.1") -> bytes:
    """A request with a review."""
    body = review(uid=f"{UID}-{number}")
    return f"POST {path} HTTP/{version}\r\nHost: x\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


def exchanged(webhook: Served, sent: Iterable[bytes], answers: int = 1) -> tuple[list[tuple[int, str]], bytes]:
    """Status and uid of each answer to what is sent in one go after another; and the headers of the last."""
    connection = webhook.connection()
    with contextlib.closing(connection):
        connection.connect()
        received: list[tuple[int, str]] = []
        headers = b""
        for part in sent:
            connection.sock.sendall(part)
        stream = connection.sock.makefile("rb")
        for _ in range(answers):
            while (status := stream.readline()).startswith(b"HTTP/1.1 100"):
                assert stream.readline() == b"\r\n"
            head = [status]
            while head[-1] != b"\r\n":
                head.append(stream.readline())
            headers = b"".join(head)
            length = re.search(rb"content-length: (\d+)", headers)
            assert length, headers
            content = json.loads(stream.read(int(length[1])))
            received.append((int(status.split()[1]), content["response"]["uid"]))
            webhook.statuses.append(received[-1][0])
    return received, headers


def test_requests_that_do_not_wait_for_answers_get_them_in_their_order(webhook: Served) -> None:
    sent = [post(1) + post(2, headers="Expect: 100-continue\r\n") + post(3) + post(4)]
    assert exchanged(webhook, sent, 4)[0] == [(200, f"{UID}-{number}") for number in range(1, 5)]


@pytest.mark.parametrize("size", [1, 7, 100])
def test_a_request_may_come_in_pieces(webhook: Served, size: int) -> None:
    whole = post()
    pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
    assert exchanged(webhook, [*pieces, post(2)], 2)[0] == [(200, f"{UID}-1"), (200, f"{UID}-2")]


def test_a_body_may_come_in_chunks_of_http(webhook: Served) -> None:
    head, _, body = post().partition(b"\r\n\r\n")
    head = re.sub(rb"Content-Length: \d+", b"Transfer-Encoding: chunked", head)
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:50], body[50:], b""))
    assert exchanged(webhook, [head + b"\r\n\r\n" + chunks])[0] == [(200, f"{UID}-1")]


@pytest.mark.parametrize(
    ("request_", "closes"),
    [
        (post(), False),
        (post(headers="Connection: close\r\n"), True),
        (post(version="1.0"), True),
        (post(path="/valid%61te"), False),
    ],
    ids=["simple", "close", "HTTP/1.0", "escaped path"],
)
def test_an_answer_says_whether_the_connection_closes(webhook: Served, request_: bytes, closes: bool) -> None:
    answers, headers = exchanged(webhook, [request_])
    assert answers == [(200, f"{UID}-1")]
    assert (b"connection: close" in headers) == closes

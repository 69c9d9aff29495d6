"""Reviews sent to a webhook over TLS: to one that answers as it likes, and to ours."""

import contextlib
import http.server
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from gatewright.engine.reviewed import Reviewed
from gatewright.webhook.reviewer import RemoteReviewer, ReviewError
from gatewright.webhook.self_signed import self_signed
from tests.builders import raises
from tests.service.harness import serving
from tests.unit.cli.invoke import run
from tests.unit.webhook.builders import ID, UID, pod, request, response, review

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]


@dataclass
class Said:
    """A webhook that gives the next answer of a list: a status and a body. None ends the connection instead."""

    port: int
    ca: Path
    answers: list[tuple[int, bytes] | None] = field(default_factory=list)
    asked: list[tuple[str, bytes, int]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"https://localhost:{self.port}"


@pytest.fixture(name="said")
def _said(tmp_path: Path) -> Iterator[Said]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            said.asked.append((self.path, body, self.client_address[1]))
            answer = said.answers.pop(0)
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer[0])
            self.send_header("Content-Length", str(len(answer[1])))
            self.end_headers()
            self.wfile.write(answer[1])

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the name is http.server's
            """Nothing: standard error is the test's."""

    certificate, key = self_signed()
    (tmp_path / "ca.crt").write_bytes(certificate)
    (tmp_path / "tls.key").write_bytes(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "ca.crt", tmp_path / "tls.key")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    said = Said(server.server_address[1], tmp_path / "ca.crt")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield said
    server.shutdown()
    thread.join()
    server.server_close()


def encoded(**parts: Any) -> tuple[int, bytes]:
    return 200, json.dumps(response(**parts)).encode()


def to(url: str, ca: Path | None) -> contextlib.closing[RemoteReviewer]:
    """A reviewer whose connection is closed at the end."""
    return contextlib.closing(RemoteReviewer(url, ca))


ALLOWED = Reviewed(UID, True, "", [], {})


def test_reviews_go_over_one_connection(said: Said) -> None:
    said.answers = [encoded(allowed=True), encoded(allowed=False, status={"message": "no"})]
    with to(said.url, said.ca) as reviewer:
        assert reviewer.review(review()) == ALLOWED
        assert reviewer.review(review()) == Reviewed(UID, False, "no", [], {})
    (first, second) = said.asked
    assert first == second == ("/validate?timeout=10s", review(), first[2])


def test_a_path_of_its_own(said: Said) -> None:
    said.answers = [encoded(allowed=True)]
    with to(f"{said.url}/hooks/pods", said.ca) as reviewer:
        assert reviewer.review(review()) == ALLOWED
    assert said.asked[0][0] == "/hooks/pods?timeout=10s"


def test_after_what_is_no_answer_the_next_review_is_sent_all_the_same(said: Said) -> None:
    said.answers = [(500, b"oops\n"), None, (200, b"<html>"), encoded(allowed="true"), encoded(allowed=True)]
    reasons = [
        "HTTP 500: oops",
        "the webhook did not answer: Remote end closed connection without response",
        "the answer is no AdmissionReview: JSON is malformed: invalid character (byte 0)",
        "the answer is no AdmissionReview: Expected `bool`, got `str` - at `$.response.allowed`",
    ]
    with to(said.url, said.ca) as reviewer:
        for reason in reasons:
            with raises(ReviewError, reason):
                reviewer.review(review())
        assert reviewer.review(review()) == ALLOWED


def test_a_certificate_that_is_not_trusted_is_no_answer(said: Said) -> None:
    with to(said.url, None) as reviewer, pytest.raises(ReviewError) as caught:
        reviewer.review(review())
    what = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:"
    assert str(caught.value).startswith(f"the webhook did not answer: {what}")
    assert said.asked == []


def test_a_port_that_nobody_listens_on() -> None:
    refused = raises(ReviewError, "the webhook did not answer: [Errno 111] Connection refused")
    with to("https://127.0.0.1:1", None) as reviewer, refused:
        reviewer.review(review())


def test_the_command_prints_the_answers_and_what_was_none(said: Said, tmp_path: Path) -> None:
    file = tmp_path / "reviews.jsonl"
    file.write_text("".join(json.dumps(request(uid=uid)) + "\n" for uid in (UID, "b", UID)))
    warning = encoded(allowed=True, warnings=["w"])
    said.answers = [warning, (503, b"\x1b[2Jno"), encoded(allowed=False, status={"message": "no"})]
    line = {"source": str(file), "uid": UID, "allowed": True, "message": "", "warnings": ["w"], "auditAnnotations": {}}
    denied = line | {"allowed": False, "message": "no", "warnings": []}
    lines = [json.dumps(one, separators=(",", ":")) + "\n" for one in (line, denied)]
    arguments = ("review", str(file), "--server", said.url, "--ca", str(said.ca))
    assert run(*arguments) == (2, "".join(lines), f"error: {file}:2: HTTP 503: \\u001b[2Jno\n")
    file.write_text(json.dumps(request()))
    for options, code, out in (([], 0, lines[0]), (["--fail-on", "warn"], 1, lines[0]), (["-q"], 0, "")):
        said.answers = [warning]
        assert run(*arguments, *options) == (code, out, "")


def test_ours_answers(tmp_path: Path) -> None:
    with serving(tmp_path) as served, to(served.line("serving")["webhook"], served.ca) as reviewer:
        assert reviewer.review(review()) == ALLOWED
        denied = reviewer.review(review(object=pod(privileged=True)))
        assert (denied.allowed, denied.findings) == (False, None)
        assert denied.audit_annotations == {"decision": ID, "denied": "privileged"}

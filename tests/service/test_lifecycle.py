"""How the process starts, and how it ends."""

import contextlib
import http.client
import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import gatewright
from gatewright.webhook.self_signed import self_signed
from tests.service.harness import PATIENCE, command, environment, serving, until
from tests.unit.webhook.builders import response, review

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]


def refused(*options: str) -> tuple[int, str]:
    """The exit code and what is said by a process that cannot start."""
    done = subprocess.run(
        command(*options), env=environment(), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_the_first_line_says_what_serves_where(tmp_path: Path) -> None:
    with serving(tmp_path, "profile: strict") as served:
        line = served.line("serving")
        config = served.metric(f'gatewright_config_info{{hash="{line["config"]}"}}')
        expires = served.metric("gatewright_certificate_not_after_seconds")
    assert list(line) == [
        "ts",
        "level",
        "msg",
        "version",
        "config",
        "profile",
        "policies",
        "webhook",
        "health",
        "certificateNotAfter",
    ]
    assert (line["level"], line["version"], line["profile"]) == ("info", gatewright.__version__, "strict")
    assert line["policies"] >= 19
    assert (line["webhook"].split(":")[:2], line["webhook"][-9:]) == (["https", "//127.0.0.1"], "/validate")
    assert line["health"].startswith("http://127.0.0.1:")
    assert config == 1
    assert expires == pytest.approx(time.time() + 365 * 86400, abs=600)


@pytest.mark.parametrize("which", ["--port", "--health-port"])
def test_a_port_that_is_taken_is_a_clear_error(which: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = refused(which, str(port))
    assert (code, said.strip()) == (2, f"error: cannot listen on 127.0.0.1:{port}: Address already in use")


def test_an_address_that_is_not_ours_is_one_too() -> None:
    code, said = refused("--host", "192.0.2.1")  # RFC 5737: nobody's
    assert (code, said.strip()) == (2, "error: cannot listen on 192.0.2.1:0: Cannot assign requested address")


def test_a_certificate_that_cannot_be_served_is_one_too(tmp_path: Path) -> None:
    certificate, key = tmp_path / "tls.crt", tmp_path / "tls.key"
    certificate.write_bytes(self_signed()[0])
    code, said = refused("--certificate", str(certificate), "--key", str(key))
    assert (code, said.strip()) == (2, f"error: {key}: cannot be read: No such file or directory")
    key.write_bytes(self_signed()[1])
    code, said = refused("--certificate", str(certificate), "--key", str(key))
    message = "error: the certificate and its key cannot be used: KEY_VALUES_MISMATCH"
    assert (code, said.strip()) == (2, message)


@pytest.mark.parametrize("option", ["--ca-out", "--name"])
def test_what_is_for_a_made_certificate_does_not_go_with_one_that_is_given(tmp_path: Path, option: str) -> None:
    pair = ("--certificate", str(tmp_path / "tls.crt"), "--key", str(tmp_path / "tls.key"))
    code, said = refused(*pair, option, "x")
    message = "error: names and ca-out go with a certificate that is made: leave them out, or give none"
    assert (code, said.strip()) == (2, message)


def test_a_certificate_that_cannot_be_written_is_one_too(tmp_path: Path) -> None:
    place = tmp_path / "none" / "ca.crt"
    code, said = refused("--ca-out", str(place))
    assert (code, said.strip()) == (2, f"error: {place}: cannot be written: No such file or directory")


def test_sigterm_drains_and_what_is_in_flight_is_answered(tmp_path: Path) -> None:
    body = review()
    with serving(tmp_path, "{}", "--drain", "1.5") as served:
        assert served.get("/readyz") == (200, "ok\n")
        idle, slow = served.connection(), served.connection()
        assert served.post(body, over=idle)[0] == 200
        slow.putrequest("POST", "/validate?timeout=10s")
        slow.putheader("Content-Length", str(len(body)))
        slow.endheaders(body[:-1])
        served.process.send_signal(signal.SIGTERM)
        until(lambda: served.get("/readyz") == (503, "stopping\n"))
        assert served.get("/healthz") == (200, "ok\n")
        # whoever does not know yet is answered, and told to leave
        leaving = {"content-type": "application/json", "connection": "close"}
        assert served.post(body) == (200, leaving, response(allowed=True))
        assert served.post(body, over=idle) == (200, leaving, response(allowed=True))
        until(_refuses(served.line("serving")["webhook"]))
        assert served.process.poll() is None
        assert served.get("/readyz") == (503, "stopping\n")
        slow.send(body[-1:])
        assert served.answer(slow) == (200, leaving, response(allowed=True))
        assert served.process.wait(PATIENCE) == 0
        assert [line["msg"] for line in served.lines if line["msg"] != "decision"] == ["serving", "stopping", "stopped"]
        assert sum(line["msg"] == "decision" for line in served.lines) == len(served.statuses) == 4


def _refuses(url: str) -> Callable[[], bool]:
    port = urlsplit(url).port or 0

    def refuses() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), PATIENCE).close()
        except ConnectionRefusedError:
            return True
        return False

    return refuses


def test_sigint_does_not_wait(tmp_path: Path) -> None:
    with serving(tmp_path, "{}", "--drain", "60") as served:
        begun = time.monotonic()
        assert served.end(signal.SIGINT) == 0
        assert time.monotonic() - begun < 5


def test_sigint_ends_a_drain(tmp_path: Path) -> None:
    with serving(tmp_path, "{}", "--drain", "60") as served:
        served.process.send_signal(signal.SIGTERM)
        served.line("stopping")
        assert served.end(signal.SIGINT) == 0


def test_a_client_that_holds_its_connection_holds_nobody_up(tmp_path: Path) -> None:
    with serving(tmp_path) as served, contextlib.closing(served.connection()) as held:
        assert served.post(review(), over=held)[0] == 200
        begun = time.monotonic()
        assert served.end(signal.SIGTERM) == 0
        assert time.monotonic() - begun < 8
        with pytest.raises((http.client.HTTPException, OSError)):
            served.post(review(), over=held)


def test_the_log_is_whole_after_the_end(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        for number in range(20):
            served.post(review(uid=f"uid-{number}"))
        assert served.end(signal.SIGTERM) == 0
        lines = [json.loads(line) for line in served.log.read_text().splitlines()]
        assert [line["uid"] for line in lines if line["msg"] == "decision"] == [f"uid-{number}" for number in range(20)]

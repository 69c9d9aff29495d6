import signal
import socket
import ssl
from typing import Any

import pytest

from gatewright.webhook.listener import Listener

CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Never asked."""


@pytest.fixture(name="listener")
def _listener() -> Listener:
    with socket.socket(socket.AF_UNIX) as bound:
        listener = Listener(app, bound, CONTEXT)
    listener.config.load()
    return listener


def test_a_kept_alive_connection_outlives_the_api_servers_90_seconds(listener: Listener) -> None:
    assert listener.config.timeout_keep_alive >= 120


def test_what_is_in_flight_may_take_as_long_as_a_review_can(listener: Listener) -> None:
    assert listener.config.timeout_graceful_shutdown == 30


def test_an_answer_bears_no_more_than_the_applications_headers(listener: Listener) -> None:
    assert listener.config.encoded_headers == []
    assert not listener.config.date_header


def test_the_context_is_the_one_that_is_given(listener: Listener) -> None:
    assert listener.config.ssl is CONTEXT


def test_signals_are_left_to_the_process(listener: Listener) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with listener.capture_signals():
        assert signal.getsignal(signal.SIGTERM) is before

import io
import itertools
import json
import time
from pathlib import Path
from typing import Any

import kubernetes.client
import pytest
import urllib3.exceptions
from kubernetes.client.exceptions import ApiException

from gatewright.cluster import answers
from gatewright.cluster.api import Absent, Forbidden, Gone, NoPath, TooLarge
from gatewright.cluster.client import Client
from gatewright.engine.world import Unavailable
from gatewright.model.version import V
from tests.builders import raises


class Answer:
    """An API server's answer."""

    def __init__(self, body: object, status: int = 200) -> None:
        self.status = status
        self._body = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        self.is_closed = False
        self.failure: Exception | None = None

    @property
    def response(self) -> "Answer":
        return self

    def read(self, amount: int) -> bytes:
        return self._body.read(amount)

    def read1(self, amount: int) -> bytes:
        if self.failure:
            raise self.failure
        return self._body.read1(amount)

    def close(self) -> None:
        self.is_closed = True


class Transport(kubernetes.client.ApiClient):
    """The official client, but for the network."""

    def __init__(self, answer: Answer | Exception) -> None:
        super().__init__(kubernetes.client.Configuration(host="https://api.example"))
        self.answer = answer
        self.calls: list[tuple[Any, ...]] = []

    def call_api(
        self,
        method: str,
        url: str,
        header_params: Any = None,
        body: Any = None,
        post_params: Any = None,
        _request_timeout: Any = None,
    ) -> Any:
        assert not post_params
        self.calls.append((method, url, header_params["Content-Type"], body, _request_timeout))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    ("told", "version"),
    [
        ({"major": "1", "minor": "37", "emulationMinor": "34"}, V(1, 34)),
        ({"major": "1", "minor": "37", "emulationMinor": "37", "minCompatibilityMinor": "36"}, V(1, 37)),
        ({"major": "1", "minor": "31"}, V(1, 31)),
        ({"major": "1", "minor": "31+", "emulationMinor": ""}, V(1, 31)),
    ],
)
def test_the_version_is_the_emulated_one(told: dict[str, str], version: V) -> None:
    transport = Transport(Answer(told))
    assert Client(transport).version() == version
    assert transport.calls == [("GET", "https://api.example/version", "application/json", None, 2.0)]


@pytest.mark.parametrize(
    ("told", "minor"), [({}, ""), ({"minor": "x"}, "x"), ({"emulationMinor": "-1", "minor": "3"}, "-1")]
)
def test_a_version_that_is_none_is_told(told: dict[str, str], minor: str) -> None:
    with raises(Unavailable, f"the server's version is {minor!r}"):
        Client(Transport(Answer(told))).version()


def test_objects_stay_plain_json() -> None:
    item = {"kind": "Pod", "spec": {"fieldOfTomorrow": {"a": [1, None]}}}
    transport = Transport(Answer(item))
    assert Client(transport).get("/api/v1/pods", timeout=0.5, limit=3000) == item
    assert transport.calls == [("GET", "https://api.example/api/v1/pods?limit=3000", "application/json", None, 0.5)]


def test_fields_are_applied_under_a_manager_of_our_own() -> None:
    transport = Transport(Answer({"kind": "X"}))
    assert Client(transport).apply("/apis/x", {"kind": "X"}) == {"kind": "X"}
    url = "https://api.example/apis/x?fieldManager=gatewright&force=true"
    assert transport.calls == [("PATCH", url, "application/apply-patch+yaml", {"kind": "X"}, 2.0)]


STATUS = {"kind": "Status", "message": 'namespaces "x" is forbidden'}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(STATUS, 403), "403"),  # and not what it says of our account: a requester reads it
        (Answer(b"<html>", 502), "502"),
        (ApiException(status=0, reason="SSLError"), "0 SSLError"),
        (urllib3.exceptions.ReadTimeoutError(urllib3.HTTPSConnectionPool("h"), "/", "slow"), "ReadTimeoutError"),
        (ConnectionResetError(), "ConnectionResetError"),
    ],
)
def test_what_is_no_answer_is_told_in_short(answer: Answer | Exception, reason: str) -> None:
    with raises(Unavailable, f"GET /version: {reason}"):
        Client(Transport(answer)).get("/version")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(STATUS, 403), '403 namespaces "x" is forbidden'),
        (Answer({"message": "m" * 300}, 500), f"500 {'m' * 200}"),
        (Answer(b"<html>", 502), "502 "),
        (Answer([], 404), "404 "),
    ],
)
def test_what_was_not_applied_is_told_in_the_servers_words(answer: Answer, reason: str) -> None:
    with raises(Unavailable, f"PATCH /x: {reason}"):
        Client(Transport(answer)).apply("/x", {})


@pytest.mark.parametrize("body", [b"<html>", b"", b"\xff"])
def test_an_answer_that_is_no_json_is_none(body: bytes) -> None:
    with raises(Unavailable, "GET /version: no JSON"):
        Client(Transport(Answer(body))).get("/version")


def test_without_a_cluster_there_is_no_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    with raises(Unavailable, "no access to a cluster: Service host/port is not set."):
        Client.connect(None)
    with raises(Unavailable, "no access to a cluster: Invalid kube-config file. No configuration found."):
        Client.connect(tmp_path / "kubeconfig")


def test_a_client_by_a_kubeconfig_retries_nothing(tmp_path: Path) -> None:
    named = {"clusters": ("cluster", {"server": "https://api.example"}), "users": ("user", {"token": "t"})}
    contexts = [{"name": "c", "context": {"cluster": "c", "user": "c"}}]
    lists = {key: [{"name": "c", kind: value}] for key, (kind, value) in named.items()}
    file = tmp_path / "kubeconfig"
    file.write_text(json.dumps({**lists, "contexts": contexts, "current-context": "c"}))
    configuration = Client.connect(file)._api.configuration
    assert (configuration.host, configuration.retries, configuration.keep_alive) == ("https://api.example", False, True)


def test_no_more_is_read_than_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "PIECE", 10)
    answer = Answer(b"x" * 25)
    assert Client(Transport(answer)).read("/x", most=25) == b"x" * 25
    assert not answer.is_closed
    answer = Answer(b"x" * 100)
    with raises(TooLarge, "GET /x: more than 25 bytes"):
        Client(Transport(answer)).read("/x", most=25)
    assert answer.is_closed
    assert answer.response.read(100) == b"x" * 70


def test_an_answer_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "PIECE", 1)
    monkeypatch.setattr(time, "monotonic", itertools.count(100).__next__)
    answer = Answer(b"x" * 100)
    with raises(Unavailable, "GET /x: TimeoutError"):
        Client(Transport(answer)).read("/x", timeout=5)
    assert answer.is_closed
    assert answer.response.read(100) == b"x" * 94


GONE = {"kind": "Status", "reason": "NotFound", "code": 404, "details": {"name": "web", "kind": "pods"}}


def test_an_object_is_absent_where_the_api_server_names_it() -> None:
    with raises(Absent, "GET /x: 404"):
        Client(Transport(Answer(GONE, 404))).read("/x")


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"404 page not found", 404, NoPath),
        ({**GONE, "details": {}}, 404, NoPath),  # the path, and not an object
        ({**GONE, "reason": "Expired"}, 404, NoPath),
        ([], 404, NoPath),
        (STATUS, 405, NoPath),
        (GONE, 403, Forbidden),
        (STATUS, 410, Gone),
        (STATUS, 401, Unavailable),
        (STATUS, 500, Unavailable),
    ],
)
@pytest.mark.parametrize("watched", [False, True])
def test_else_it_is_not_known_and_why(body: object, status: int, kind: type[Exception], watched: bool) -> None:
    answer = Answer(body, status)
    with pytest.raises(Unavailable) as caught:
        lines_of(answer) if watched else Client(Transport(answer)).read("/x")
    assert (type(caught.value), str(caught.value)) == (kind, f"GET /x: {status}")


def lines_of(answer: Answer | Exception) -> list[bytes]:
    """The lines of a watch."""
    with Client(Transport(answer)).watch("/x", silence=1) as lines:
        return list(lines)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_a_watch_gives_its_lines_as_they_come(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(answers, "PIECE", size)
    answer = Answer(b"one\ntwo\n\nthree\ncut of")
    assert lines_of(answer) == [b"one", b"two", b"", b"three"]
    assert answer.is_closed


def test_it_is_asked_for_with_the_silence_that_ends_it() -> None:
    transport = Transport(Answer(b""))
    with Client(transport).watch("/x", silence=150, resourceVersion="7") as lines:
        assert list(lines) == []
    url = "https://api.example/x?resourceVersion=7&watch=true"
    assert transport.calls == [("GET", url, "application/json", None, (2.0, 150))]


def test_a_line_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "PIECE", 10)
    monkeypatch.setattr(answers, "MOST_BYTES", 25)
    assert lines_of(Answer(b"x" * 25 + b"\n")) == [b"x" * 25]
    answer = Answer(b"x" * 100)
    with raises(TooLarge, "GET /x: a line of more than 25 bytes"):
        lines_of(answer)
    assert answer.is_closed


def test_a_watch_that_breaks_off_is_told_in_short() -> None:
    with raises(Unavailable, "GET /x: ConnectionResetError"):
        lines_of(ConnectionResetError())
    answer, got = Answer(b"one\ntwo"), []
    with raises(Unavailable, "GET /x: ProtocolError"), Client(Transport(answer)).watch("/x", silence=1) as lines:
        got.append(next(lines))
        answer.failure = urllib3.exceptions.ProtocolError("cut")
        next(lines)
    assert (got, answer.is_closed) == ([b"one"], True)


def test_a_context_of_a_kubeconfig_may_be_chosen(tmp_path: Path) -> None:
    clusters = [{"name": name, "cluster": {"server": f"https://{name}.example"}} for name in ("a", "b")]
    contexts = [{"name": name, "context": {"cluster": name, "user": "u"}} for name in ("a", "b")]
    users = [{"name": "u", "user": {"token": "t"}}]
    file = tmp_path / "kubeconfig"
    file.write_text(json.dumps({"clusters": clusters, "users": users, "contexts": contexts, "current-context": "a"}))
    assert Client.by_kubeconfig(file).address == "https://a.example"
    assert Client.by_kubeconfig(file, "b").address == "https://b.example"
    with pytest.raises(Unavailable, match=r"^no access to a cluster: .*c"):
        Client.by_kubeconfig(file, "c")

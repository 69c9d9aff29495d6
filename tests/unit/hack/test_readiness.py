import json
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from controlplane import readiness
from controlplane.certificates import Authority
from controlplane.failure import Failed
from controlplane.readiness import ACCOUNTS, RBAC, Starting, tail

LOG = """\
W1124 11:05:24.925098   13641 options.go:367] No CIDR for service cluster IPs specified.
I1124 11:05:25.077566   13641 options.go:261] external host was not specified, using 192.0.2.2
E1124 11:05:25.078136   13641 run.go:72] "command failed" err="no etcd"
"""

Servers = dict[str, subprocess.Popen[bytes]]


class Api:
    """Answers, each given until its list is down to the last; what has none is not there yet."""

    def __init__(self, **answers: list[tuple[int, object]]) -> None:
        self.answers = answers
        self.created: list[str] = []

    def __call__(self, method: str, path: str, body: dict[str, dict[str, str]] | None = None) -> tuple[int, bytes]:
        if body is not None:
            self.created.append(f"{method} {path} {body['metadata']['name']}")
        told = self.answers[path.rpartition("/")[2].partition("?")[0]]
        status, answer = told.pop(0) if len(told) > 1 else told[0]
        return status, json.dumps(answer).encode()


@pytest.fixture(name="servers")
def _servers(tmp_path: Path) -> Iterator[Servers]:
    (tmp_path / "etcd.log").write_text(LOG)
    with subprocess.Popen(["/bin/sleep", "60"]) as etcd:
        yield {"etcd": etcd}
        etcd.kill()


def starting(folder: Path, monkeypatch: pytest.MonkeyPatch, api: Api) -> Starting:
    Authority(folder).client("admin", "admin", "system:masters")
    monkeypatch.setattr(Starting, "_ask", lambda _, *asked: api(*asked))
    return Starting(folder, 1)


def test_the_api_is_ready_when_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, servers: Servers) -> None:
    api = Api(readyz=[(0, ""), (500, "ok ok ok"), (200, "ok")], version=[(200, {"gitVersion": "v1.37.2"})])
    assert starting(tmp_path, monkeypatch, api).wait_for_api(servers) == "v1.37.2"
    assert api.answers["readyz"] == [(200, "ok")]


def test_a_server_that_has_ended_is_told_with_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, servers: Servers
) -> None:
    waits = starting(tmp_path, monkeypatch, Api(readyz=[(0, "")]))
    servers["etcd"].kill()
    with pytest.raises(Failed) as failed:
        waits.wait_for_api(servers)
    first, _, last = LOG.splitlines()
    assert str(failed.value) == f"etcd has ended with -9; its log, {tmp_path}/etcd.log, ends with:\n  {first}\n  {last}"


def test_one_that_is_never_ready_is_told_with_every_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, servers: Servers
) -> None:
    monkeypatch.setattr(readiness, "PATIENCE", 0)
    waits = starting(tmp_path, monkeypatch, Api(readyz=[(500, "")]))
    with pytest.raises(Failed) as failed:
        waits.wait_for_api(servers)
    assert str(failed.value) == f"the API server is not ready after 0 s\n{tail(tmp_path / 'etcd.log')}"


def test_the_controllers_are_ready_when_pods_are_admitted_and_roles_have_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, servers: Servers
) -> None:
    role: list[tuple[int, object]] = [(200, {"rules": None}), (200, {"rules": [{"verbs": ["get"]}]})]
    accounts: list[tuple[int, object]] = [(200, {"items": [{}] * 3}), (200, {"items": [{}] * 4})]
    api = Api(clusterrolebindings=[(201, {})], serviceaccounts=accounts, admin=role[:], edit=role[:], view=role[:])
    starting(tmp_path, monkeypatch, api).wait_for_controllers(servers)
    assert {name: len(told) for name, told in api.answers.items()} == dict.fromkeys(api.answers, 1)
    assert api.created == [f"POST {RBAC}/clusterrolebindings control-plane:{user}" for user in ("editor", "viewer")]
    assert ACCOUNTS.startswith("/api/v1/serviceaccounts?")


def test_a_binding_that_is_refused_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, servers: Servers) -> None:
    waits = starting(tmp_path, monkeypatch, Api(clusterrolebindings=[(403, "no")]))
    with pytest.raises(Failed) as failed:
        waits.wait_for_controllers(servers)
    assert str(failed.value) == 'control-plane:editor was not created: 403 "no"'


def test_the_administrator_comes_by_certificate_and_trusts_this_run_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contexts: list[ssl.SSLContext] = []
    make = ssl.create_default_context

    def create(cafile: Path) -> ssl.SSLContext:
        contexts.append(make(cafile=cafile))
        return contexts[-1]

    monkeypatch.setattr(ssl, "create_default_context", create)
    starting(tmp_path, monkeypatch, Api())
    subjects = [authority["subject"] for authority in contexts[0].get_ca_certs()]
    assert subjects == [((("commonName", "control-plane"),),)]
    assert contexts[0].verify_mode == ssl.CERT_REQUIRED


def test_the_end_of_a_log_leaves_out_information_unless_there_is_nothing_else(tmp_path: Path) -> None:
    log = tmp_path / "etcd.log"
    assert tail(log) == f"its log, {log}, is empty"
    log.write_text("\n".join(f"I1124 11:05:25 {number}" for number in range(20)))
    assert tail(log, 2) == f"its log, {log}, ends with:\n  I1124 11:05:25 18\n  I1124 11:05:25 19"
    log.write_text("".join(f"Error: unknown flag: --{number}\nI1124 11:05:25 stopping\n" for number in range(20)))
    assert tail(log, 2) == f"its log, {log}, ends with:\n  Error: unknown flag: --18\n  Error: unknown flag: --19"

"""`make bench` in small: that its figures are real, and that there are none of a service that answers wrongly."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench import beside, process, report, servers
from bench.failure import Failed
from bench.openloop import Request, at_rate
from bench.race import race
from bench.reviews import Shape
from bench.rig import SIZES, made
from bench.servers import Certificate, Server
from bench.verdicts import Lane
from rich.console import Console

from tests.unit.hack.programs import program

pytestmark = [pytest.mark.service, pytest.mark.enable_socket]

CORE = min(os.sched_getaffinity(0))
ALLOWED = made(SIZES["6 KB"])[:16]
DENIED = made(Shape(6_000, 2, 1, denied=True))[:16]


@pytest.fixture(name="wrk", autouse=True)
def _wrk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow one, that everybody has."""
    program(tmp_path / "bin" / "wrk", f'exec "{sys.executable}" "{Path(__file__).with_name("wrk.py")}" "$@"')
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)


@pytest.fixture(name="certificate", scope="module")
def _certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate.made(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(name="service", scope="module")
def _service(certificate: Certificate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with servers.service(certificate, CORE, tmp_path_factory.mktemp("service")) as server:
        yield server


def test_figures_are_real(certificate: Certificate, service: Server, tmp_path: Path) -> None:
    with servers.echo(certificate, CORE) as bare:
        lanes = [
            Lane("echo", bare, ALLOWED, None, 4),
            Lane("allow", service, ALLOWED, True, 4),
            Lane("deny", service, DENIED, False, 4),
        ]
        raced = race(lanes, tmp_path, slices=1, seconds=1)
        assert 0 < bare.ready < servers.PATIENCE
        assert bare.idle > 10
    assert list(raced) == ["echo", "allow", "deny"]
    for figures in raced.values():
        assert figures.requests > 50
        assert figures.rate == figures.best_rate == pytest.approx(figures.requests, rel=0.2)
        assert 1e-6 < figures.cpu < 1 / figures.rate  # a request's share of a core
        assert 0 < figures.p50 <= figures.p99 < 1
        assert 10 < figures.memory < 500
    assert raced["allow"].cpu > raced["echo"].cpu
    assert service.metrics().count("gatewright_reviews_total{") == 2


@pytest.mark.parametrize(("bodies", "allows"), [(DENIED, True), (ALLOWED, False)], ids=["denies", "allows"])
def test_a_wrong_verdict_has_no_figures(
    bodies: tuple[bytes, ...], allows: bool, service: Server, tmp_path: Path
) -> None:
    uid = json.loads(bodies[0])["request"]["uid"]
    expected = f'^it: expected {{"uid": "{uid}", "allowed": {str(allows).lower()}}}, answered {{"uid": "{uid}", "allo'
    with pytest.raises(Failed, match=expected):
        race([Lane("it", service, bodies, allows)], tmp_path, slices=1)


def test_a_verdict_that_changes_under_load_has_no_figures(
    service: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.verdicts.check", lambda _: None)
    message = r"^it: \d+ answers with allowed=True were expected; the service counts 0, and \d+ of the other verdict$"
    with pytest.raises(Failed, match=message):
        race([Lane("it", service, DENIED)], tmp_path, slices=1)


def test_a_service_that_does_not_start_says_why(certificate: Certificate, tmp_path: Path) -> None:
    error = "error: .*gatewright.yaml:1: profil: unknown key; did you mean profile?"
    with (
        pytest.raises(Failed, match=f"^gatewright serve did not start: {error}"),
        servers.service(certificate, CORE, tmp_path, "profil: strict"),
    ):
        pass


def test_requests_come_at_their_rate_and_are_checked(service: Server) -> None:
    requests = [Request("/validate?timeout=10s", body, 200, b'"allowed":true') for body in ALLOWED]
    latencies = at_rate(service.connection, requests, rate=100, connections=4)
    assert len(latencies) == len(ALLOWED)
    assert all(0 < latency < 5 for latency in latencies)
    with pytest.raises(Failed, match=r'^1 of 1 requests failed, first 200 {"apiVersion":"admission.k8s.io/v1",'):
        at_rate(service.connection, [Request("/validate", DENIED[0], 200, b'"allowed":true')], 1, 1)
    with pytest.raises(Failed, match=r"^1 of 1 requests failed, first 404 "):
        at_rate(service.connection, [Request("/other", b"")], 1, 1)


def test_a_run_is_told_of_in_tables_and_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.costs.STARTS", 1)
    monkeypatch.setattr("bench.costs.made", lambda shape: made(shape)[:8])
    measured = beside.measure(
        CORE, tmp_path, ["starts", "sizes", "one-connection"], slices=1, sizes=("6 KB",), say=print
    )
    assert list(measured.lanes) == ["6 KB, 16 connections", "6 KB, 1 connection", "30 KB, 1 connection"]
    told = report.document("http", measured.figures, measured.lanes, process.busy(0.02))
    of_6_kb = {
        f"{figure}, 6 KB"
        for figure in ("requests/s of echo", "default profile of echo", "p99/p50", "denial/allow", "p50 over echo")
    }
    assert set(told["goals"]) == {*of_6_kb, "p50 over echo, 30 KB", "idle memory", "start to ready"}
    report.write(tmp_path / "out" / "http.json", told)
    assert json.loads((tmp_path / "out" / "http.json").read_text())["figures"] == measured.figures
    console = Console(width=report.WIDTH)
    report.show_lanes(console, measured.lanes)
    report.show_figures(console, "http", measured.figures)
    report.show_goals(console, {"http": measured.figures})
    printed = capsys.readouterr().out
    for text in ("http: starts", "30 KB, 1 connection", "memory after load", "p50 over echo, 30 KB", "≤ 1.50"):
        assert text in printed


def test_what_a_process_uses() -> None:
    before = process.cpu(os.getpid())
    sum(range(2_000_000))
    assert 0.001 < process.cpu(os.getpid()) - before < 5
    now, highest = process.memory(os.getpid())
    assert 10 < now <= highest
    assert all(0 <= share <= 1 for share in process.busy(0.05).values())

"""How figures are made of what is counted."""

import math

import pytest
from bench import wrk
from bench.failure import Failed
from bench.goals import GOALS, Goal
from bench.histogram import Histogram, read
from bench.openloop import percentile
from bench.profile import self_and_total
from bench.wrk import Counted

NAME = "apiserver_admission_webhook_admission_duration_seconds"
EXPOSITION = f"""\
# HELP {NAME} [STABLE] Admission webhook latency histogram in seconds
# TYPE {NAME} histogram
{NAME}_bucket{{name="ours",operation="CREATE",rejected="false",le="0.005"}} 90
{NAME}_bucket{{name="ours",operation="CREATE",rejected="false",le="0.025"}} 99
{NAME}_bucket{{name="ours",operation="CREATE",rejected="false",le="+Inf"}} 100
{NAME}_sum{{name="ours",operation="CREATE",rejected="false"}} 0.5
{NAME}_count{{name="ours",operation="CREATE",rejected="false"}} 100
{NAME}_bucket{{name="ours",operation="UPDATE",rejected="false",le="0.005"}} 1
{NAME}_bucket{{name="ours",operation="UPDATE",rejected="false",le="0.025"}} 1
{NAME}_bucket{{name="ours",operation="UPDATE",rejected="false",le="+Inf"}} 1
{NAME}_sum{{name="ours",operation="UPDATE",rejected="false"}} 0.001
{NAME}_count{{name="ours",operation="UPDATE",rejected="false"}} 1
# HELP {NAME}_of_others Another
# TYPE {NAME}_of_others counter
{NAME}_of_others{{name="ours",operation="CREATE"}} 7
"""


def test_a_histogram_is_read_by_its_labels() -> None:
    creates = read(EXPOSITION, NAME, {"name": "ours", "operation": "CREATE"})
    assert creates == Histogram(((0.005, 90), (0.025, 99), (math.inf, 100)), 0.5)
    both = read(EXPOSITION, NAME, {"name": "ours"})
    assert both == Histogram(((0.005, 91), (0.025, 100), (math.inf, 101)), 0.501)
    assert read(EXPOSITION, NAME, {"name": "theirs"}) == Histogram(())


def test_quantiles_and_shares_are_of_what_came_between() -> None:
    before = Histogram(((0.005, 100), (0.025, 100), (math.inf, 100)), 0.3)
    after = Histogram(((0.005, 190), (0.025, 199), (math.inf, 200)), 0.8)
    since = after.since(before)
    assert list(since.buckets) == [(0.005, 90), (0.025, 99), (math.inf, 100)]
    assert since.count == 100
    assert since.mean == pytest.approx(0.005)
    assert since.share_within(0.005) == pytest.approx(0.9)
    assert since.quantile(0.45) == pytest.approx(0.0025)  # half of the first bucket
    assert since.quantile(0.9) == pytest.approx(0.005)
    assert since.quantile(0.945) == pytest.approx(0.015)  # half of the second
    assert since.quantile(1) == 0.025  # all that is known of the last
    assert after.since(Histogram(())) == after
    assert math.isnan(before.since(before).quantile(0.5))


def test_an_empty_bucket_gives_nothing() -> None:
    assert Histogram(((0.005, 0), (0.025, 0), (0.1, 4), (math.inf, 4))).quantile(0.5) == pytest.approx(0.0625)


def test_percentiles_are_values_that_occurred() -> None:
    values = [0.4, 0.1, 0.3, 0.2]
    assert [percentile(values, share) for share in (0.01, 0.25, 0.5, 0.51, 0.99, 1)] == [0.1, 0.1, 0.2, 0.3, 0.4, 0.4]


def test_what_wrk_has_counted() -> None:
    told = '{"requests":300,"microseconds":1500000,"p50":1250,"p99":9000,'
    errors = '"connect":0,"read":0,"write":0,"status":0,"timeout":0}'
    counted = wrk.counted(told + errors)
    assert counted == Counted(300, 1.5, 0.00125, 0.009)
    assert counted.rate == 200
    with pytest.raises(Failed, match=r"^errors under load: 3 read, 1 status$"):
        wrk.counted(told + errors.replace('"read":0', '"read":3').replace('"status":0', '"status":1'))
    with pytest.raises(Failed, match=r"^no request was answered$"):
        wrk.counted(told.replace("300", "0") + errors)


def test_a_missing_wrk_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Failed, match=r"^wrk is not on the PATH; on Debian and Ubuntu: apt-get install wrk$"):
        wrk.program()


def test_goals_are_met_from_their_side() -> None:
    less = Goal("http", "a latency", 0.010, 0.005, "ms")
    assert [less.verdict(value) for value in (0.004, 0.005, 0.0051, 0.010, 0.0101, math.nan)] == [
        "aim", "aim", "met", "met", "not met", "not met",
    ]  # fmt: skip
    more = Goal("http", "a share", 0.35, 0.45, "%", more=True)
    assert [more.verdict(value) for value in (0.5, 0.45, 0.4, 0.35, 0.34)] == ["aim", "aim", "met", "met", "not met"]
    assert (less.text(0.00512), more.text(0.4567)) == ("5.12 ms", "45.7 %")
    assert (Goal("", "", 1, 1, "ns").text(48e-9), Goal("", "", 1, 1).text(1.234)) == ("48 ns", "1.23")


def test_an_aim_is_never_less_than_what_must_be() -> None:
    for goal in GOALS:
        assert goal.verdict(goal.aim) == "aim"
        assert goal.aim >= goal.must if goal.more else goal.aim <= goal.must
    assert len({(goal.part, goal.figure) for goal in GOALS}) == len(GOALS)


def test_the_hottest_functions() -> None:
    stacks = [
        "main (cli.py:5);judge (engine.py:10);decode (schema.py:7) 3",
        "main (cli.py:5);judge (engine.py:12);judge (engine.py:12) 2",
        "main (cli.py:6);SSL_write 4",
    ]
    own, total = self_and_total(stacks)
    assert own == {"decode (schema.py)": 3, "judge (engine.py)": 2, "SSL_write": 4}
    assert total == {"main (cli.py)": 9, "judge (engine.py)": 5, "decode (schema.py)": 3, "SSL_write": 4}

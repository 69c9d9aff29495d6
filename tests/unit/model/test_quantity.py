"""Facts: k8s.io/apimachinery v0.37.2, pkg/api/resource. The tables are ours; each row was read by upstream's code."""

import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernetes.utils.quantity import parse_quantity as parsed_by_the_client

from gatewright.model.quantity import LONGEST, Quantity, parse_quantity


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0", 0),
        ("1", 1),
        ("+1", 1),
        ("-1", -1),
        ("007", 7),
        ("1.5", Fraction(3, 2)),
        ("1.", 1),
        (".5", Fraction(1, 2)),
        ("-.5", Fraction(-1, 2)),
        ("1n", Fraction(1, 10**9)),
        ("1u", Fraction(1, 10**6)),
        ("500m", Fraction(1, 2)),
        ("0m", 0),
        ("-0", 0),
        ("1k", 10**3),
        ("1M", 10**6),
        ("1G", 10**9),
        ("1T", 10**12),
        ("1P", 10**15),
        ("1E", 10**18),
        ("1Ki", 2**10),
        ("1Mi", 2**20),
        ("1.5Gi", 3 * 2**29),
        ("1.Ti", 2**40),
        ("1Pi", 2**50),
        ("7Ei", 7 * 2**60),
        ("1e3", 1000),
        ("1E3", 1000),
        ("1e+3", 1000),
        ("1.5e-3", Fraction(3, 2000)),
        ("1e0", 1),
        (" 64Mi\n", 2**26),
        (0, 0),
        (2, 2),
        (-2, -2),
        (0.1, Fraction(1, 10)),
        (1e22, 10**22),
        (1e-7, Fraction(1, 10**7)),
    ],
)
def test_values(written: Quantity, value: Fraction) -> None:
    assert parse_quantity(written) == value


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "1 Gi",
        "1gi",
        "1GI",
        "1ki",
        "1K",
        "1KB",
        "64MB",
        "1mi",
        "1ni",
        "1i",
        "1e",
        "1Ee3",
        "1e3Mi",
        "1e3.5",
        "1e+",
        "1Gi5",
        "--1",
        "1-",
        "1.2.3",
        "1,5",
        "1_000",
        "0x10",
        "nan",
        "Infinity",
        "１",  # noqa: RUF001  # a digit elsewhere in Unicode
        "1\u200b",
        "1\u00a0Gi",
        "1Gi\x00",
        float("nan"),
        float("inf"),
    ],
)
def test_what_is_no_quantity(written: Quantity) -> None:
    with pytest.raises(ValueError, match=r"^is no quantity, like 500m or 1Gi$"):
        parse_quantity(written)


@pytest.mark.parametrize("written", ["Gi", "m", ".", "+", "-", ".Gi", "e3", "1e1000", f"{'0' * LONGEST}1"])
def test_what_is_one_for_the_api_server_alone(written: str) -> None:
    with pytest.raises(ValueError, match=r"^is no quantity, like 500m or 1Gi$"):
        parse_quantity(written)


def test_nothing_is_rounded_or_capped() -> None:
    assert parse_quantity("0.1n") == Fraction(1, 10**10)
    assert parse_quantity("1e-999") == Fraction(1, 10**999)
    assert parse_quantity("100Ei") == 100 * 2**60
    assert parse_quantity(f"{'9' * LONGEST}") == 10**LONGEST - 1


NUMBERS = st.from_regex(r"[+-]?[0-9]{1,4}(\.[0-9]{1,4})?|\.[0-9]{1,4}", fullmatch=True)
SUFFIXES = st.sampled_from(["", *"numkMGTPE", *(f"{prefix}i" for prefix in "KMGTPE")]) | st.from_regex(
    r"[eE][+-]?[0-9]{1,2}", fullmatch=True
)


@given(NUMBERS, SUFFIXES)
def test_it_reads_what_the_official_client_reads(number: str, suffix: str) -> None:
    theirs = parsed_by_the_client(number + suffix)  # type: ignore[no-untyped-call]  # the client has no types
    assert parse_quantity(number + suffix) == Fraction(theirs)


@given(st.text() | st.text("0123456789.+-eEinumkKMGTP \n") | st.integers() | st.floats())
def test_whatever_is_written_is_a_quantity_or_is_none(written: Quantity) -> None:
    reason = ""
    try:
        parse_quantity(written)
    except ValueError as error:
        reason = str(error)
    assert reason in {"", "is no quantity, like 500m or 1Gi"}


@pytest.mark.parametrize("written", ["9" * 10**6, f"1{'0' * 10**6}Gi", f"{' ' * 10**6}1", f"1e{'9' * 10**6}", 10**4000])
def test_it_takes_no_time_to_refuse_a_long_one(written: Quantity) -> None:
    start = time.perf_counter()
    with pytest.raises(ValueError, match=r"^is no quantity, like 500m or 1Gi$"):
        parse_quantity(written)
    assert time.perf_counter() - start < 0.1

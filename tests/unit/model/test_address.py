import pytest

from gatewright.model.address import LONGEST, addresses_of, is_everywhere, networks_of


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("169.254.169.254", {"169.254.169.254"}),
        (" 169.254.169.254\n", {"169.254.169.254"}),
        ("2852039166", {"169.254.169.254"}),
        ("0xa9fea9fe", {"169.254.169.254"}),
        ("0XA9.0xFE.43518", {"169.254.169.254"}),
        ("0251.0376.0251.0376", {"169.254.169.254"}),
        ("127.1", {"127.0.0.1"}),
        ("1", {"0.0.0.1"}),
        ("4294967295", {"255.255.255.255"}),
        ("4294967296", set()),
        ("1.2.65536", set()),
        ("256.1.1.1", set()),
        ("1.2.3.256", set()),
        ("1.2.3.4.5", set()),
        ("010.0.0.1", {"8.0.0.1", "10.0.0.1"}),
        ("010.000.0.08", {"10.0.0.8"}),
        ("::ffff:127.0.0.1", {"127.0.0.1"}),
        ("::FFFF:7f00:1", {"127.0.0.1"}),
        ("2001:0db8::1", {"2001:db8::1"}),
        ("fd00:ec2::254", {"fd00:ec2::254"}),
        ("0x", set()),
        ("1_0.0.0.1", set()),
        ("+1.0.0.1", set()),
        ("1\u0663.0.0.1", set()),
        ("web", set()),
        ("web.1", set()),
        ("1..2.3", set()),
        ("", set()),
        ("0" * (LONGEST - 1) + "1", {"0.0.0.1"}),
        ("0" * LONGEST + "1", set()),
    ],
)
def test_every_reading_of_an_address(text: str, addresses: set[str]) -> None:
    assert set(map(str, addresses_of(text))) == addresses


def test_ranges_of_addresses() -> None:
    cidrs = ["10.1.2.3/8", " ::ffff:10.0.0.0/104", "2001:db8::/32", "::ffff:0:0/95", "web", "10.0.0.0/33", "10.0.0.1"]
    assert list(map(str, networks_of(cidrs))) == [
        "10.0.0.0/8",
        "10.0.0.0/8",
        "2001:db8::/32",
        "::fffe:0:0/95",
        "10.0.0.1/32",
    ]


@pytest.mark.parametrize(
    ("cidrs", "everywhere"),
    [
        ([], False),
        (["0.0.0.0/0"], True),
        (["::/0"], True),
        (["::ffff:0:0/96"], True),
        (["128.0.0.0/1", "0.0.0.0/1"], True),
        (["128.0.0.0/1", "64.0.0.0/2", "0.0.0.0/2", "10.0.0.0/8"], True),
        (["8000::/1", "::/1"], True),
        (["0.0.0.0/1", "8000::/1"], False),
        (["0.0.0.0/1", "web"], False),
        (["web"], False),
    ],
)
def test_everywhere(cidrs: list[str], everywhere: bool) -> None:
    assert is_everywhere(cidrs) is everywhere

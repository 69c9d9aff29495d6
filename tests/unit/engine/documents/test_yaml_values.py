"""The expected values are what sigs.k8s.io/yaml v1.6.0 over go.yaml.in/yaml/v2 v2.4.4 made of the same text."""

import pytest

from gatewright.engine.documents import DocumentError, read
from gatewright.engine.documents.yaml_values import Scalar

VALUES: list[tuple[str, Scalar]] = [
    ("y", True), ("Y", True), ("yes", True), ("YES", True), ("yEs", "yEs"), ("true", True), ("True", True),
    ("on", True), ("On", True), ("ON", True), ("oN", "oN"), ("n", False), ("N", False), ("no", False), ("NO", False),
    ("false", False), ("off", False), ("OFF", False), ("Off", False), ("~", None), ("null", None), ("NULL", None),
    ("nULL", "nULL"), ("<<", "<<"), ("=", "="), ("0", 0), ("-0", 0), ("+0", 0), ("12", 12), ("+12", 12),
    ("-12", -12), ("012", 10), ("0644", 420), ("08", 8), ("089", 89), ("0o644", 420), ("0O17", 15), ("0o8", "0o8"),
    ("0x1F", 31), ("-0x1f", -31), ("0xg", "0xg"), ("0b101", 5), ("-0b101", -5), ("0B11", 3), ("0b2", "0b2"),
    ("0b-101", -5), ("0B-1", "0B-1"), ("1_000", 1000), ("1__0", 10), ("-_1", -1), ("_1", "_1"), ("0x_1F", 31),
    ("0_7", 7), ("+_", "+_"), ("+", "+"), ("1:30", "1:30"), ("190:20:30.15", "190:20:30.15"),
    ("2001-01-01", "2001-01-01"), ("2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"),
    ("20011214", 20011214), ("1e3", 1000), ("1E+3", 1000), ("1e-3", 0.001), ("1.", 1), ("1.e3", 1000), (".5", 0.5),
    ("-.5", -0.5), ("+.5", 0.5), (".5_0", 0.5), ("._5", "._5"), ("1_0.5", 10.5), (".", "."), ("..", ".."),
    (".e5", ".e5"), ("1.5.5", "1.5.5"), ("1.0", 1), ("1.50", 1.5), ("-0.0", 0), ("08.5", 8.5), ("1e20", 1e20),
    ("1e21", 1e21), ("1e400", "1e400"), (".5e400", ".5e400"), ("4611686018427387904.0", 4611686018427388000),
    ("9223372036854775807", 9223372036854775807), ("9223372036854775808", 9.223372036854776e18),
    ("-9223372036854775808", -9223372036854775808), ("-9223372036854775809", -9.223372036854776e18),
    ("18446744073709551615", 1.8446744073709552e19), ("18446744073709551616", 1.8446744073709552e19),
    ("0xFFFFFFFFFFFFFFFF", 1.8446744073709552e19), ("+0xFFFFFFFFFFFFFFFF", "+0xFFFFFFFFFFFFFFFF"),
    ("0x1FFFFFFFFFFFFFFFF", "0x1FFFFFFFFFFFFFFFF"), ("0777777777777777777777777", 7.777777777777778e23),
    ("100m", "100m"), ("1Gi", "1Gi"), ("0.1", 0.1), ("3.14", 3.14), ("1,000", "1,000"), ("0x", "0x"), ("0b", "0b"),
    ("inf", "inf"), ("nan", "nan"), ("NaN", "NaN"), ("Infinity", "Infinity"), (".Nan", ".Nan"),
    ("0x1.8p1", "0x1.8p1"), ("a b", "a b"), ("v1.31", "v1.31"), ("10.0.0.1", "10.0.0.1"), ("1 2", "1 2"),
    ('"12"', "12"), ("'yes'", "yes"), ('""', ""),
]  # fmt: skip

TAGGED: list[tuple[str, Scalar]] = [
    ("!!str 12", "12"), ("!!str ~", "~"), ("!!str", ""), ("! 12", "12"), ('!!int "12"', 12), ("!!int 0x1f", 31),
    ("!!float 1", 1), ('!!float "1.5"', 1.5), ("!!float 1e3", 1000), ("!!bool yes", True), ('!!bool "off"', False),
    ('!!null ""', None), ("!!null ~", None), ("!!binary aGk=", "hi"), ("!!binary /w==", "\ufffd"),
    ('!!binary "4oI="', "\ufffd\ufffd"), ("!<tag:yaml.org,2002:int> 12", 12),
]  # fmt: skip

KEYS = [
    ("y", "true"), ("off", "false"), ("1", "1"), ("-0x10", "-16"), ("0644", "420"), ("1_0", "10"), ("1.5", "1.5"),
    ("1.10", "1.1"), ("0.1", "0.1"), ("1.0", "1"), ("1e3", "1000"), ("1e10", "1e+10"), ("123456.0", "123456"),
    ("1e6", "1e+06"), ("1e-5", "1e-05"), ("0.0001", "0.0001"), ("16777217.0", "1.6777216e+07"), ("1e39", ".inf"),
    ("-1e39", "-.inf"), (".inf", ".inf"), ("-.Inf", "-.inf"), (".NaN", ".nan"), ("2001-01-01", "2001-01-01"),
    ("1:30", "1:30"), ("a", "a"), ("9223372036854775807", "9223372036854775807"), ("-0.0", "-0"),
    ("3.4028236e38", ".inf"), ("1e-46", "0"), ("1.17549435e-38", "1.1754944e-38"), ('"yes"', "yes"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), VALUES + TAGGED)
def test_a_scalar_is_what_kubectl_makes_of_it(text: str, value: Scalar) -> None:
    (document,) = read(f"- {text}\n".encode(), "f")
    assert not isinstance(document, DocumentError)
    assert [(type(item), item) for item in document.value] == [(type(value), value)]


@pytest.mark.parametrize(("text", "key"), KEYS)
def test_a_key_is_text(text: str, key: str) -> None:
    (document,) = read(f"{text}: v\n".encode(), "f")
    assert not isinstance(document, DocumentError)
    assert document.value == {key: "v"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: .inf", "NaN and infinity are not JSON: quote the value if text is meant"),
        ("a: !!float -.INF", "NaN and infinity are not JSON: quote the value if text is meant"),
        ("a: .nan", "NaN and infinity are not JSON: quote the value if text is meant"),
        ("~: a", "null cannot be a key: quote it if text is meant"),
        ("18446744073709551615: a", "18446744073709551615 cannot be a key: quote it if text is meant"),
        ("a: !!int 1.5", '"1.5" is not a !!int'),
        ("a: !!int yes", '"yes" is not a !!int'),
        ("a: !!float 18446744073709551615", '"18446744073709551615" is not a !!float'),
        ("a: !!float yes", '"yes" is not a !!float'),
        ("a: !!bool 1", '"1" is not a !!bool'),
        ('a: !!null "x\\ty"', '"x\\ty" is not a !!null'),
        ("a: !!binary a", '"a" is not base64, as !!binary must be'),
        ("a: !!binary " + "=" * 50, f'"{"=" * 40}…" is not base64, as !!binary must be'),
        ("a: !foo x", 'the tag "!foo" means nothing to Kubernetes: remove it, or quote the value'),
        (
            "a: !!timestamp 2020-01-01",
            'the tag "!!timestamp" means nothing to Kubernetes: remove it, or quote the value',
        ),
        ("a: !<int> x", 'the tag "int" means nothing to Kubernetes: remove it, or quote the value'),
        (
            "a: !!python/name:os.system x",
            'the tag "!!python/name:os.system" means nothing to Kubernetes: remove it, or quote the value',
        ),
        ("a: !!set {b}", 'the tag "!!set" means nothing to Kubernetes: remove it, or quote the value'),
    ],
)
def test_a_scalar_that_json_cannot_have_is_refused(text: str, message: str) -> None:
    assert [str(item) for item in read(f"\n{text}\n".encode(), "f")] == [f"f:2: {message}"]

"""What a YAML scalar is to Kubernetes.

kubectl turns YAML into JSON with sigs.k8s.io/yaml v1.6.0 (`YAMLToJSON`) over go.yaml.in/yaml/v2 v2.4.4 (`resolve`), and
reads that JSON with sigs.k8s.io/json: YAML 1.1 booleans (`y`, `on`), Go's integer literals, no base 60, no dates. An
integer beyond 64 bits is a float there, and a float without a fraction is an integer, as JSON does not tell them apart.
"""

from __future__ import annotations

import binascii
import math
import re
import struct
from decimal import Decimal

from gatewright.engine.documents.lines import quoted

Scalar = str | int | float | bool | None

_INT64 = range(-(2**63), 2**63)
_UINT64 = range(2**64)

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
# The group that matched says the base; the last alternative is a quirk of resolve(): a sign after 0b.
_INT = re.compile(r"([-+]?)(?:0[bB]([01]+)|0[xX]([0-9a-fA-F]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]{0,19}))|0b([-+][01]+)")
_BASES = {2: 2, 3: 16, 4: 8, 5: 10, 6: 2}
_POINT_FIRST = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")

_TAGS = "tag:yaml.org,2002:"


def plain(text: str) -> Scalar:
    """The value of a scalar without quotes or a tag. A float is as written, NaN and infinite ones too: see `value`."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if text[0] == ".":
        return float(text) if _POINT_FIRST.fullmatch(text) and math.isfinite(float(text)) else text
    number = text.replace("_", "")
    if match := _INT.fullmatch(number):
        integer = int((match[1] or "") + match[match.lastindex or 0], _BASES[match.lastindex or 0])
        if integer in _INT64 or (integer in _UINT64 and "+" not in number):
            return integer
    if _FLOAT.fullmatch(number) and math.isfinite(real := float(number)):
        return real
    return text


def tagged(text: str, tag: str) -> Scalar:
    """The value of a scalar with an explicit tag, quoted or not; ValueError, with the message, if it has none."""
    name = tag.removeprefix(_TAGS) if tag.startswith(_TAGS) else ""
    if name == "str" or tag == "!":
        return text
    if name == "binary":
        return _binary(text)
    read = plain(text)
    match name, read:
        case ("bool", bool()) | ("null", None) | ("float", float()):
            return read
        case ("int", int()) if not isinstance(read, bool):
            return read
        case ("float", int()) if not isinstance(read, bool) and read in _INT64:
            return float(read)
        case (("int" | "float" | "bool" | "null"), _):
            raise ValueError(f"{quoted(text)} is not a !!{name}")
    raise unknown_tag(tag)


def unknown_tag(tag: str) -> ValueError:
    shown = "!!" + tag.removeprefix(_TAGS) if tag.startswith(_TAGS) else tag
    return ValueError(f"the tag {quoted(shown)} means nothing to Kubernetes: remove it, or quote the value")


def value(scalar: Scalar) -> Scalar:
    """A scalar as the JSON that kubectl makes of it; ValueError, with the message, if JSON has no such number."""
    if isinstance(scalar, float):
        if not math.isfinite(scalar):
            raise ValueError("NaN and infinity are not JSON: quote the value if text is meant")
        if scalar.is_integer() and abs(scalar) < 2**63:
            # Go prints the shortest digits that give this float again, then zeros.
            integer = int(Decimal(repr(scalar)))
            return integer if integer in _INT64 else scalar
    elif isinstance(scalar, int) and scalar not in _INT64:
        return float(scalar)
    return scalar


def key(scalar: Scalar) -> str:
    """A scalar as a mapping's key: the text that sigs.k8s.io/yaml makes of it; ValueError, with the message, if none.

    Its floats are of 32 bits.
    """
    match scalar:
        case str():
            return scalar
        case bool():
            return "true" if scalar else "false"
        case float():
            return _shortest(scalar)
        case int() if scalar in _INT64:
            return str(scalar)
    raise ValueError(f"{'null' if scalar is None else scalar} cannot be a key: quote it if text is meant")


def _shortest(real: float) -> str:
    """Go's FormatFloat(real, 'g', -1, 32): the fewest digits that give the same 32-bit float again."""
    (single,) = struct.unpack("f", struct.pack("f", real))
    if not math.isfinite(single):
        return ".nan" if math.isnan(single) else ".inf" if single > 0 else "-.inf"
    for decimals in range(9):
        text = f"{single:.{decimals}e}"
        if struct.pack("f", float(text)) == struct.pack("f", single):
            break
    exponent = int(text[text.index("e") + 1 :])
    return f"{single:.{max(decimals - exponent, 0)}f}" if -4 <= exponent < 6 else text


def _binary(text: str) -> str:
    try:
        octets = binascii.a2b_base64(text.replace("\r", "").replace("\n", ""), strict_mode=True)
    except ValueError as error:
        raise ValueError(f"{quoted(text)} is not base64, as !!binary must be") from error
    # Go's JSON writes one U+FFFD for each octet that is not UTF-8.
    return re.sub("[\udc80-\udcff]", "\ufffd", octets.decode(errors="surrogateescape"))

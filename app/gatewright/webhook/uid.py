"""The uid of a review that cannot be read as a whole: without it no answer counts."""

import re

import msgspec

START = 64 * 1024
"""Bytes of a body that are looked through. The API server writes the uid first, well before any object."""

_TOKEN = re.compile(
    rb'"(?P<text>(?:[^"\\]++|\\.)*+)(?P<end>"?)(?P<is_key>\s*:)?|(?P<open>[{\[])|(?P<close>[}\]])', re.DOTALL
)


def find_uid(body: bytes) -> str | None:
    """`request.uid` of a review, out of its first 64 KiB; never the uid of an object in it.

    Tolerant: what follows may be broken, cut off, or no JSON at all. Of several the last one counts, as it does where
    the whole can be read.
    """
    found: bytes | None = None
    depth = 0
    key: bytes | None = None
    in_request = False
    for token in _TOKEN.finditer(body[:START]):
        if token["open"]:
            depth += 1
            if depth == 2:
                in_request = key == b"request"
            key = None
        elif token["close"]:
            depth -= 1
            key = None
        elif not token["end"]:
            break  # a string without an end reaches to the end
        elif token["is_key"]:
            key = (_text(token["text"]) or "").encode("utf-8", "surrogatepass")
        else:
            if depth == 2 and in_request and key == b"uid":
                found = token["text"]
            key = None
    return _text(found) if found else None


def _text(inside: bytes) -> str | None:
    """What stands between the quotes of a JSON string."""
    try:
        return msgspec.json.decode(b'"' + inside + b'"', type=str)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None

"""Whether a value is a credential though it has no known shape: by what it is called, and by how it reads."""

import math
from collections import Counter

import re2

from ._names import CALLED, PASSWORD
from ._params import Patterns
from ._proofs import LATIN1, is_placeholder
from ._scan import MOST_CANDIDATES

_TAIL = "(?:[_.-]?(?:[0-9]{1,2}|(?:base|b)64|value|prod|production|staging|dev|test|default|current|new))?"

_NAME = re2.compile(f"(?i:.*{CALLED}{_TAIL})".encode(), LATIN1)
_PASSWORD_NAME = re2.compile(f"(?i:.*(?:{PASSWORD}){_TAIL})".encode(), LATIN1)
_HASH_NAME = re2.compile(rb"(?i:checksum|hash|digest|fingerprint|thumbprint|public)", LATIN1)
_ASSIGNED = re2.compile(
    (
        rf"((?i:[a-z0-9_./-]*{CALLED}{_TAIL}))"
        r"""["']?[ \t]*(?:=>|:=|[:=>])[ \t]*["']?(?i:(?:bearer|basic|token) +)?([^\s\x00"'<>,;&|]{6,})"""
    ).encode(),
    LATIN1,
)

_NO_VALUE = re2.compile(
    rb"\s"
    rb"|^(?:[0-9.:,+TZ%-]+(?:[nmu]?s|m|h|d|w|[KMGT]i?B?)?)+$"  # numbers, versions, days, durations, sizes
    rb"|^(?:~|\.{1,2})?/(?:[a-z0-9._-]+/?)+$|^[A-Za-z]:\\|^\$[A-Za-z_({]|^@.*@$|^%[({]|://"  # files, references, URLs
    rb"|[A-Za-z_]\(|\)$|^[A-Za-z_.]+\[|\.(?:env|Values|data)\."  # code
    rb"|^(?:arn|vault|op|env|file|secret[a-z]*|aws[a-z]*|gcp[a-z]*):|^ref\+|^projects/|^ENC\["  # where it really is
    rb"|^\{[A-Z0-9-]+\}|^\$[0-9a-z]+\$|^(?:md5|sha[0-9]{1,3}|pbkdf2|scrypt)",  # hashes of passwords, and their names
    LATIN1,
)
_WORD = re2.compile(rb"(?:[A-Z]?[a-z]{1,15}|[A-Z]{1,15}|[A-Z]?[a-z]{2,15}(?:[A-Z][a-z]{2,15}){1,4})?[0-9]{0,3}", LATIN1)
_SEPARATORS = bytes.maketrans(b"-_./:@+=", b" " * 8)

LONGEST = 1_000
"""Bytes: what is longer is a file."""


def is_suspicious(name: bytes, value: bytes, allowed: Patterns) -> bool:
    """Whether a text is, or assigns anywhere in it, what reads like a credential to a name that says so.

    Args:
        name: what the text is called; may be empty.
        value: the text.
        allowed: what is none.
    """
    if _NAME.fullmatch(name) and _is_credential(name, value, allowed, is_whole=True):
        return True
    start = 0
    for _ in range(MOST_CANDIDATES):
        match = _ASSIGNED.search(value, start)
        if match is None:
            return False
        if _is_credential(match.group(1), match.group(2), allowed, is_whole=False):
            return True
        start = match.end(2)
    return True  # text with so many was made to cost time


def _is_credential(name: bytes, value: bytes, allowed: Patterns, *, is_whole: bool) -> bool:
    value = value.strip().strip(b"\"'`")
    if not 6 <= len(value) <= LONGEST or _NO_VALUE.search(value) or is_placeholder(value):
        return False
    if _HASH_NAME.search(name) or allowed.match(value.decode("utf-8", "replace")):
        return False
    if not _PASSWORD_NAME.fullmatch(name):
        return not _reads_as_words(value) and entropy(value) >= min(3.0, 0.8 * math.log2(len(value)))
    is_named = _reads_as_words(value) and (len(_words(value)) > 1 or (value.isalpha() and not is_whole))
    return not is_named and entropy(value) >= 0.6 * math.log2(len(value))


def _reads_as_words(value: bytes) -> bool:
    """Whether most of a value is words, as names of things are: `shop-db-credentials`, `projectSecretV2`."""
    words = _words(value)
    return sum(len(word) for word in words if _WORD.fullmatch(word)) >= 0.5 * sum(map(len, words))


def _words(value: bytes) -> list[bytes]:
    return value.translate(_SEPARATORS).split()


def entropy(value: bytes) -> float:
    """Shannon's, in bits a byte."""
    total = len(value)
    return -sum(count / total * math.log2(count / total) for count in Counter(value).values())

"""What a shape cannot say of a credential: whether a JWT's header is one, and whether a password is only a placeholder.

Every function is asked with the text and with the start and the end of what fits a shape.
"""

import base64
import binascii
import json
from typing import Any

import re2

LATIN1 = re2.Options()
LATIN1.encoding = re2.Options.Encoding.LATIN1  # a byte is a byte: those of UTF-8 are no letters of any shape

_PLACEHOLDER = re2.compile(
    rb"(?i:example|change.?(?:me|it|this)|placeholder|redacted|dummy|your[_.-]|[_.-]here\b|insert[_.-]|replace|x{4})"
    rb"|\*{3}|\.{3}|0{6}|1{6}|12345678|87654321|01234567|abcdefg|deadbeef"
    rb"|\$[({]|^\$[A-Za-z_][0-9A-Za-z_]*$|\{\{|\}\}|%[({]|^%[sv]$|<[^>]*>"
    rb"|^(?i:_?_?(?:user(?:name)?|pass(?:word|wd|phrase)?|pwd|secret|token|key|api_?key|test|todo|none|null|fake|foo|bar"
    rb"|foobar|foobared|my[_-]?(?:pass(?:word)?|secret(?:[_-]password)?)|hidden|masked|unset|empty|true|false|disabled"
    rb"|enabled|required|optional|prompt)_?_?)$",
    LATIN1,
)

_BODY = re2.compile(rb"[0-9A-Za-z+/]{40}", LATIN1)


def is_placeholder(value: bytes) -> bool:
    """Whether a value stands for a credential that is put in later, or is a documented example of one."""
    return len(set(value)) < 4 or _PLACEHOLDER.search(value) is not None


def has_key(text: bytes, _: int, end: int) -> bool:
    """Whether a header of a private key has a key behind it: 40 characters of base64 among the next 600."""
    window = text[end : end + 600].partition(b"\0")[0].partition(b"-----END")[0]
    body = _BODY.search(window)
    return body is not None and len(set(body.group())) > 9


def is_encoded_key(text: bytes, start: int, _: int) -> bool:
    """Whether base64 is that of a private key."""
    return b"PRIVATE KEY" in _decoded(text[start : start + 64])


def is_jwt(text: bytes, start: int, end: int) -> bool:
    """Whether what looks like a JWT is one, signed and no known example; those of service accounts are left out."""
    claims = _claims(text[start:end])
    return claims is not None and not _is_service_account(claims)


def is_service_account_token(text: bytes, start: int, end: int) -> bool:
    """Whether a JWT is one that a Kubernetes API server signed for a ServiceAccount."""
    claims = _claims(text[start:end])
    return claims is not None and _is_service_account(claims)


def _claims(token: bytes) -> dict[str, Any] | None:
    """What a signed JWT says; None of what is none, and of the one that jwt.io and the RFC's readers show."""
    header, payload, _ = token.split(b".", 2)
    first, claims = _object(header), _object(payload)
    algorithm = first.get("alg") if first else None
    if not claims or not isinstance(algorithm, str) or algorithm == "none" or claims.get("sub") == "1234567890":
        return None
    return claims


def _object(part: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(_decoded(part))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _is_service_account(payload: dict[str, Any]) -> bool:
    return (
        payload.get("iss") == "kubernetes/serviceaccount"
        or "kubernetes.io" in payload
        or str(payload.get("sub")).startswith("system:serviceaccount:")
    )


def has_url_password(text: bytes, start: int, end: int) -> bool:
    """Whether the password of a URL is one, and not its reference or placeholder."""
    login = text[start:end].partition(b"://")[2].partition(b"@")[0]
    return _is_password(login.partition(b":")[2])


def has_last_password(text: bytes, start: int, end: int) -> bool:
    """Whether what stands behind the last `=` that is followed by a password is one."""
    return _is_password(text[start:end].rpartition(b"=")[2].strip())


def has_last_word(text: bytes, start: int, end: int) -> bool:
    """Whether the last word is a password."""
    return _is_password(text[start:end].split()[-1])


def is_login(text: bytes, start: int, end: int) -> bool:
    """Whether base64 is a user, a colon and a password."""
    name, colon, password = _decoded(text[start:end]).partition(b":")
    return bool(colon) and name.isascii() and name.decode("latin-1").isprintable() and _is_password(password)


def is_azure_sas(text: bytes, start: int, end: int) -> bool:
    """Whether a signature has the version and the expiry of Azure's shared access signatures beside it."""
    around = text[max(0, start - 400) : start].rpartition(b"\0")[2] + text[end : end + 400].partition(b"\0")[0]
    return b"sv=" in around and b"se=" in around


def _is_password(value: bytes) -> bool:
    return len(value) > 2 and value.isascii() and value.decode("latin-1").isprintable() and not is_placeholder(value)


def _decoded(text: bytes) -> bytes:
    """What base64, of either alphabet and with or without its padding, says; nothing where it is none."""
    text = text.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4))
    except binascii.Error:
        return b""

"""The certificate that is served, and its change while connections live."""

import contextlib
import os
import ssl
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

Pair = tuple[bytes, bytes]


class CertificateError(Exception):
    """A certificate, or its key, that cannot be served; why, and from where."""


class Certificate:
    """A certificate with its key, re-read when it changes.

    `context` is for the server. Each handshake in it takes the newest pair: a pair is loaded into a context of its own
    and taken up whole, so one that does not fit cannot spoil what is served (loading a mismatched pair into a live
    context does).
    """

    def __init__(self, read: Callable[[], Pair]) -> None:
        """Loads the pair.

        Args:
            read: gives the certificate (with its chain) and the key, PEM; raises CertificateError.

        Raises:
            CertificateError: it cannot be served.
        """
        self._read = read
        self._seen: object = read()
        self._newest, self.not_after = _load(*self._seen)
        self.context = _context()
        self.context.sni_callback = self._choose

    @property
    def pem(self) -> bytes:
        """The certificate that was read last, with its chain."""
        return self._seen[0] if isinstance(self._seen, tuple) else b""

    def _choose(self, handshake: ssl.SSLObject | ssl.SSLSocket, name: str | None, context: ssl.SSLContext) -> None:
        del name, context
        handshake.context = self._newest

    def refresh(self) -> bool:
        """Takes up a pair that changed; whether one did.

        Raises:
            CertificateError: what changed cannot be served, and the last pair stays. Raised once a change.
        """
        try:
            pair: object = self._read()
        except CertificateError as error:
            pair = str(error)
        if pair == self._seen:
            return False
        self._seen = pair
        if not isinstance(pair, tuple):
            raise CertificateError(pair)
        self._newest, self.not_after = _load(*pair)
        return True


def files(certificate: Path, key: Path) -> Callable[[], Pair]:
    """Reads the pair from two files."""

    def read() -> Pair:
        try:
            return certificate.read_bytes(), key.read_bytes()
        except OSError as error:
            raise CertificateError(f"{error.filename}: cannot be read: {error.strerror}") from None

    return read


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.num_tickets = 0  # the API server's client keeps no sessions: a ticket would only cost
    return context


def _load(certificate: bytes, key: bytes) -> tuple[ssl.SSLContext, datetime]:
    """A context with the pair, and when it expires."""
    try:
        not_after = x509.load_pem_x509_certificate(certificate).not_valid_after_utc
    except ValueError:
        raise CertificateError("the certificate is not PEM") from None
    if not_after < datetime.now(UTC):
        raise CertificateError(f"the certificate expired on {not_after:%Y-%m-%d %H:%M} UTC")
    context = _context()
    try:
        with _file(certificate + b"\n" + key) as path:
            context.load_cert_chain(path, password=_none)
    except ssl.SSLError as error:  # a ValueError too, so it comes first
        raise CertificateError(f"the certificate and its key cannot be used: {error.reason}") from None
    except ValueError as error:
        raise CertificateError(str(error)) from None
    return context, not_after


def _none() -> str:
    """Called for an encrypted key; without it, OpenSSL would ask at the terminal."""
    raise ValueError("the key is encrypted; give one that is not")


@contextlib.contextmanager
def _file(data: bytes) -> Iterator[str]:
    """A file of `data`: `ssl` reads nothing else. In memory where the system can, so that no key lies on a disk and
    a read-only root is enough."""
    if sys.platform == "linux":
        with os.fdopen(os.memfd_create("certificate"), "wb") as file:
            file.write(data)
            file.flush()
            yield f"/proc/self/fd/{file.fileno()}"
    else:
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            yield file.name

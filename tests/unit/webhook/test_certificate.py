import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from gatewright.webhook.certificate import Certificate, CertificateError, Pair, files
from gatewright.webhook.self_signed import self_signed

FIRST, SECOND = self_signed(), self_signed()
MISMATCHED = "the certificate and its key cannot be used: KEY_VALUES_MISMATCH"


def served(certificate: Certificate, trusted: bytes, name: str = "localhost") -> bytes:
    """The certificate that a new handshake is given, PEM; the client trusts one certificate alone."""
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.load_verify_locations(cadata=trusted.decode())
    trust.verify_flags |= ssl.VERIFY_X509_STRICT
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trust.wrap_bio(back, there, server_hostname=name)
    server = certificate.context.wrap_bio(there, back, server_side=True)
    waiting = [client, server]
    while waiting:
        for side in list(waiting):
            try:
                side.do_handshake()
                waiting.remove(side)
            except ssl.SSLWantReadError:
                pass
    assert client.version() == "TLSv1.3"
    peer = client.getpeercert(binary_form=True)
    assert peer
    return x509.load_der_x509_certificate(peer).public_bytes(serialization.Encoding.PEM)


class Source:
    """A pair that can be changed."""

    def __init__(self) -> None:
        self.pair: Pair | str = FIRST

    def __call__(self) -> Pair:
        if isinstance(self.pair, str):
            raise CertificateError(self.pair)
        return self.pair


@pytest.mark.parametrize("name", ["localhost", "gatewright.gatewright.svc", "127.0.0.1", "::1"])
def test_it_is_its_own_trust_root_under_every_name(name: str) -> None:
    assert served(Certificate(lambda: FIRST), FIRST[0], name) == FIRST[0]


def test_an_older_tls_than_1_2_is_refused() -> None:
    assert Certificate(lambda: FIRST).context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_new_handshakes_take_a_changed_pair() -> None:
    source = Source()
    certificate = Certificate(source)
    assert certificate.refresh() is False
    source.pair = SECOND
    assert certificate.refresh() is True
    assert certificate.refresh() is False
    assert served(certificate, SECOND[0]) == SECOND[0]
    assert certificate.not_after == x509.load_pem_x509_certificate(SECOND[0]).not_valid_after_utc


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ((SECOND[0], FIRST[1]), MISMATCHED),
        ((b"", FIRST[1]), "the certificate is not PEM"),
        ((SECOND[0][:200], SECOND[1]), "the certificate is not PEM"),
        ((SECOND[0], SECOND[1][:50]), "the certificate and its key cannot be used: BAD_END_LINE"),
        ("tls.key: cannot be read: Permission denied", "tls.key: cannot be read: Permission denied"),
        (
            self_signed(now=datetime(2020, 1, 1, tzinfo=UTC)),
            "the certificate expired on 2020-12-30 23:55 UTC",
        ),
    ],
)
def test_a_pair_that_cannot_be_served_is_refused_once_and_the_last_one_stays(pair: Pair | str, message: str) -> None:
    source = Source()
    certificate = Certificate(source)
    source.pair = pair
    with pytest.raises(CertificateError, match=f"^{message}$"):
        certificate.refresh()
    assert certificate.refresh() is False
    assert served(certificate, FIRST[0]) == FIRST[0]
    source.pair = SECOND
    assert certificate.refresh() is True
    assert served(certificate, SECOND[0]) == SECOND[0]


def test_a_pair_that_cannot_be_served_is_an_error_at_the_start() -> None:
    with pytest.raises(CertificateError, match=f"^{MISMATCHED}$"):
        Certificate(lambda: (FIRST[0], SECOND[1]))


def test_a_certificate_that_expires_soon_is_served() -> None:
    soon = self_signed(now=datetime.now(UTC) - timedelta(days=364))
    assert served(Certificate(lambda: soon), soon[0]) == soon[0]


def test_an_encrypted_key_is_refused_without_asking_for_a_password() -> None:
    key = serialization.load_pem_private_key(FIRST[1], None)
    encrypted = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )
    with pytest.raises(CertificateError, match=r"^the key is encrypted; give one that is not$"):
        Certificate(lambda: (FIRST[0], encrypted))


def test_files_are_read(tmp_path: Path) -> None:
    certificate, key = tmp_path / "tls.crt", tmp_path / "tls.key"
    certificate.write_bytes(FIRST[0])
    with pytest.raises(CertificateError, match=f"^{key}: cannot be read: No such file or directory$"):
        files(certificate, key)()
    key.write_bytes(FIRST[1])
    assert files(certificate, key)() == FIRST

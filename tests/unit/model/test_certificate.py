from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from gatewright.policy import not_after


def certificate(end: datetime) -> bytes:
    key, name = Ed25519PrivateKey.generate(), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, datetime(2020, 1, 1, tzinfo=UTC), end)
    return builder.sign(key, None).public_bytes(Encoding.PEM)


OLD, NEW = datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2027, 1, 1, 12, tzinfo=UTC)


def test_the_end_of_one() -> None:
    assert not_after(certificate(OLD)) == OLD


@pytest.mark.parametrize("order", [[OLD, NEW], [NEW, OLD]])
def test_the_last_end_of_several(order: list[datetime]) -> None:
    assert not_after(b"# a bundle\n" + b"\n".join(map(certificate, order))) == NEW


def test_what_is_no_certificate_is_passed_over() -> None:
    broken = certificate(NEW).replace(b"MI", b"AA")
    assert broken != certificate(NEW)
    assert not_after(broken + certificate(OLD)) == OLD


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"\n",
        b"not PEM",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        certificate(NEW).replace(b"CERTIFICATE", b"PUBLIC KEY"),
    ],
)
def test_no_certificate(pem: bytes) -> None:
    with pytest.raises(ValueError, match=r"^there is no certificate in it$"):
        not_after(pem)

import ipaddress
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from gatewright.webhook.self_signed import self_signed

NOW = datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC)


@pytest.fixture(name="made", scope="module")
def _made() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    certificate, key = self_signed(["web.example", "10.1.2.3", "localhost"], NOW)
    private = load_pem_private_key(key, None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    return x509.load_pem_x509_certificate(certificate), private


def test_it_names_this_machine_the_service_and_what_is_asked_for(
    made: tuple[x509.Certificate, ec.EllipticCurvePrivateKey],
) -> None:
    names = made[0].extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "gatewright.gatewright.svc", "web.example"]
    assert names.get_values_for_type(x509.IPAddress) == [
        ipaddress.ip_address(address) for address in ("127.0.0.1", "::1", "10.1.2.3")
    ]


def test_it_is_valid_from_five_minutes_ago_for_a_year(
    made: tuple[x509.Certificate, ec.EllipticCurvePrivateKey],
) -> None:
    assert made[0].not_valid_before_utc == datetime(2026, 7, 1, 11, 55, tzinfo=UTC)
    assert made[0].not_valid_after_utc == datetime(2027, 7, 1, 11, 55, tzinfo=UTC)


def test_it_signs_itself_and_serves_and_no_more(made: tuple[x509.Certificate, ec.EllipticCurvePrivateKey]) -> None:
    certificate, key = made
    certificate.verify_directly_issued_by(certificate)
    assert certificate.public_key() == key.public_key()
    assert isinstance(key.curve, ec.SECP256R1)
    extensions = certificate.extensions
    assert extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    assert list(extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign is False

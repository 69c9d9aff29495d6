import ipaddress
import ssl
from pathlib import Path

import pytest
from controlplane.certificates import Authority, signing_pair, write_secret
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import PolicyBuilder, Store


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    authority = Authority(tmp_path)
    authority.server("server", ["127.0.0.1", "localhost"])
    authority.client("admin", "admin", "system:masters")
    authority.client("controllers", "system:kube-controller-manager")
    return tmp_path


def certificate(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def test_strict_verification_accepts_them(folder: Path) -> None:
    policy = PolicyBuilder().store(Store([certificate(folder / "ca.crt")]))
    for name in (x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))):
        policy.build_server_verifier(name).verify(certificate(folder / "server.crt"), [])
    with pytest.raises(x509.verification.VerificationError):
        policy.build_server_verifier(x509.DNSName("elsewhere")).verify(certificate(folder / "server.crt"), [])


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("admin", {NameOID.COMMON_NAME: "admin", NameOID.ORGANIZATION_NAME: "system:masters"}),
        ("controllers", {NameOID.COMMON_NAME: "system:kube-controller-manager"}),
    ],
)
def test_a_user_is_its_certificates_subject(folder: Path, name: str, subject: dict[x509.ObjectIdentifier, str]) -> None:
    issued = certificate(folder / f"{name}.crt")
    assert {attribute.oid: attribute.value for attribute in issued.subject} == subject
    use = issued.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(use) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    issued.verify_directly_issued_by(certificate(folder / "ca.crt"))


@pytest.mark.parametrize("name", ["ca", "server", "admin", "controllers"])
def test_each_has_its_key_and_the_key_is_this_users_alone(folder: Path, name: str) -> None:
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(folder / f"{name}.crt", folder / f"{name}.key")
    assert (folder / f"{name}.key").stat().st_mode & 0o777 == 0o600


def test_the_pair_for_tokens_is_one(tmp_path: Path) -> None:
    signing_pair(tmp_path / "accounts")
    key = load_pem_private_key((tmp_path / "accounts.key").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert load_pem_public_key((tmp_path / "accounts.pub").read_bytes()) == key.public_key()
    assert (tmp_path / "accounts.key").stat().st_mode & 0o777 == 0o600


def test_a_secret_goes_into_no_file_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("who may read it?")
    with pytest.raises(FileExistsError):
        write_secret(tmp_path / "key", b"s3cret")
    assert (tmp_path / "key").read_text() == "who may read it?"

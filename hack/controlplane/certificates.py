"""The certificate authority of a run, and what it signs: ECDSA on P-256."""

import ipaddress
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey
Signed = x509.Certificate
Subject = dict[x509.ObjectIdentifier, str]

LIFE = timedelta(days=365)
EARLIER = timedelta(minutes=5)
"""So much earlier than now a certificate is valid: a clock may have been put back since."""


class Authority:
    """A certificate authority, its files in a folder; every file is made once, a key readable by this user alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._since = datetime.now(UTC) - EARLIER
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "control-plane")])
        self._write("ca", self._key, self._signed(self._name, self._key, x509.BasicConstraints(True, 0)))

    def server(self, file: str, names: list[str]) -> None:
        """Writes a server's certificate for host names and addresses, and its key."""
        san = x509.SubjectAlternativeName(list(map(_general, names)))
        self._issue(file, {NameOID.COMMON_NAME: names[0]}, ExtendedKeyUsageOID.SERVER_AUTH, san)

    def client(self, file: str, user: str, group: str = "") -> None:
        """Writes the certificate by which the API server knows a user, and its key."""
        subject = {NameOID.COMMON_NAME: user} | ({NameOID.ORGANIZATION_NAME: group} if group else {})
        self._issue(file, subject, ExtendedKeyUsageOID.CLIENT_AUTH)

    def _issue(self, file: str, subject: Subject, use: x509.ObjectIdentifier, *more: x509.ExtensionType) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(kind, value) for kind, value in subject.items()])
        basic = x509.BasicConstraints(False, None)
        self._write(file, key, self._signed(name, key, basic, x509.ExtendedKeyUsage([use]), *more))

    def _signed(self, subject: x509.Name, key: Key, basic: x509.BasicConstraints, *more: x509.ExtensionType) -> Signed:
        extensions = (
            _usage(basic.ca),
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()),
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
            *more,
        )
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._since)
            .not_valid_after(self._since + LIFE)
            .add_extension(basic, critical=True)
        )
        for extension in extensions:
            builder = builder.add_extension(extension, critical=isinstance(extension, x509.KeyUsage))
        return builder.sign(self._key, hashes.SHA256())

    def _write(self, file: str, key: Key, certificate: Signed) -> None:
        write_secret(self._folder / f"{file}.key", private(key))
        (self._folder / f"{file}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def signing_pair(file: Path) -> None:
    """Writes the pair that signs and checks service account tokens: FILE.key and FILE.pub."""
    key = ec.generate_private_key(ec.SECP256R1())
    write_secret(file.with_suffix(".key"), private(key))
    public = serialization.PublicFormat.SubjectPublicKeyInfo
    file.with_suffix(".pub").write_bytes(key.public_key().public_bytes(serialization.Encoding.PEM, public))


def private(key: Key) -> bytes:
    """A key as PEM, not encrypted."""
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def write_secret(file: Path, content: bytes) -> None:
    """Writes a new file that this user alone may read, from its first byte on."""
    with open(file, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as opened:
        opened.write(content)


def _usage(signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)

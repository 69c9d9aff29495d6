"""Certificates in objects: until when somebody can be believed."""

import re
from datetime import datetime

_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----")


def not_after(pem: bytes) -> datetime:
    """When the last certificate of a bundle expires, in UTC. What is no certificate in it is passed over.

    Raises:
        ValueError: there is no certificate.
    """
    from cryptography import x509  # noqa: PLC0415 - 20 ms that only who judges certificates should pay

    ends = []
    for block in _BLOCK.findall(pem):
        try:
            ends.append(x509.load_pem_x509_certificate(block).not_valid_after_utc)
        except ValueError:
            continue
    if not ends:
        raise ValueError("there is no certificate in it")
    return max(ends)

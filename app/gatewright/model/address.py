"""Addresses of IP as they are written: by Go's parser, by a resolver's, or to be misread."""

import re
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, collapse_addresses, ip_address, ip_network

LONGEST = 253
"""Characters of a name in DNS; no address has more."""

_MAPPED = IPv6Network("::ffff:0:0/96")
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]+|[0-9]+")


def addresses_of(text: str) -> frozenset[IPv4Address | IPv6Address]:
    """Every address that somebody may read in a text, those of IPv4 as such; none where it is no address.

    Kubernetes reads 010.0.0.1 as 10.0.0.1 (k8s.io/utils/net, ParseIPSloppy), a resolver as 8.0.0.1, which also takes
    0x7f.1 or 2130706433 (inet_aton, POSIX.1). IPv4 inside of IPv6, ::ffff:127.0.0.1, is IPv4 to Go and to kernels.
    """
    parts = text.strip().split(".")
    if len(text) > LONGEST:
        return frozenset()
    found: set[IPv4Address | IPv6Address] = set()
    try:
        address = ip_address(".".join(part.lstrip("0") or "0" if part.isdecimal() else part for part in parts))
        found.add((address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address)
    except ValueError:
        pass
    if all(map(_NUMBER.fullmatch, parts)):
        found |= _as_resolvers_do(parts)
    return frozenset(found)


def _as_resolvers_do(parts: list[str]) -> set[IPv4Address | IPv6Address]:
    """An octet a part, the last one for those that are left; a leading 0 is octal, 0x hexadecimal."""
    try:
        *octets, last = (int(part, 0 if part[:2] in {"0x", "0X"} else 8 if part[0] == "0" else 10) for part in parts)
        return {IPv4Address(bytes(octets) + last.to_bytes(4 - len(octets), "big"))}
    except (ValueError, OverflowError):  # an 8 in octal, more than an octet, more than are left, or a fifth
        return set()


def networks_of(cidrs: Iterable[str]) -> Iterator[IPv4Network | IPv6Network]:
    """The ranges of addresses, those of IPv4 as such however they are written; what is no range is left out."""
    for cidr in cidrs:
        try:
            network = ip_network(cidr.strip(), strict=False)
        except ValueError:
            continue
        if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
            network = IPv4Network((int(network.network_address) & 0xFFFF_FFFF, network.prefixlen - 96))
        yield network


def is_everywhere(cidrs: Iterable[str]) -> bool:
    """Whether ranges have every address of IPv4 or of IPv6 between them: 0.0.0.0/0, or its two halves."""
    found = list(networks_of(cidrs))
    old = collapse_addresses([network for network in found if isinstance(network, IPv4Network)])
    new = collapse_addresses([network for network in found if isinstance(network, IPv6Network)])
    return any(network.prefixlen == 0 for network in old) or any(network.prefixlen == 0 for network in new)

"""What addresses and names lead to that no Service should: the cloud's metadata, the node itself, the cluster."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Annotated

from pydantic import BeforeValidator

from gatewright.policy import addresses_of

METADATA = "the metadata service of the cloud"

METADATA_NETWORKS = tuple(
    map(
        ip_network,
        (
            "169.254.169.254/32",  # nearly all of them
            "169.254.170.0/24",  # AWS: credentials of tasks and pods
            "fd00:ec2::/32",  # AWS, by IPv6
            "fd20:ce::254/128",  # Google Cloud, by IPv6
            "168.63.129.16/32",  # Azure: the channel to the host
            "100.100.100.200/32",  # Alibaba Cloud
            "192.0.0.192/32",  # Oracle Cloud
        ),
    )
)
"""Where clouds serve a node's own credentials, by the documentation of each."""

METADATA_NAMES = frozenset(
    {"metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal"}
)
"""What resolvers of Google Cloud and AWS have for it."""


def _network(written: object) -> object:
    if not isinstance(written, str):
        return written
    try:
        return ip_network(written)
    except ValueError as error:
        raise ValueError(f"{error}; ranges of addresses look like 203.0.113.0/24") from None


Cidr = Annotated[IPv4Network | IPv6Network, BeforeValidator(_network)]
"""A range of addresses in the configuration, e.g. 203.0.113.0/24."""


def are_all_in(text: str, ranges: list[IPv4Network | IPv6Network]) -> bool:
    """Whether a text is an address, and one of the ranges however it is read."""
    found = addresses_of(text)
    return bool(found) and all(any(address in each for each in ranges) for address in found)


def is_any_in(text: str, ranges: list[IPv4Network | IPv6Network]) -> bool:
    """Whether a text can be read as an address of the ranges."""
    return any(address in each for address in addresses_of(text) for each in ranges)


def target_of(host: str) -> str:
    """What of the node, its link or its cloud an address or a name is, in words; empty for anything else."""
    name = host.strip().lower().rstrip(".")
    if name in METADATA_NAMES:
        return METADATA
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761, 6.3
        return "whoever resolves it"
    return max(map(_target, addresses_of(name)), default="")


def _target(address: IPv4Address | IPv6Address) -> str:
    if any(address in network for network in METADATA_NETWORKS):
        return METADATA
    if address.is_loopback or address.is_unspecified:
        return "whoever connects to it"
    return "an address of the node's link" if address.is_link_local else ""

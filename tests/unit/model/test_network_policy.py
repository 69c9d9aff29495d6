from ipaddress import IPv4Address
from typing import Any

import msgspec
import pytest

from gatewright.model.network_policy import IPBlock, NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyPort
from gatewright.model.schema import decode, locate
from tests.builders import encoded

METADATA = IPv4Address("169.254.169.254")


def spec(**fields: Any) -> msgspec.Raw:
    return encoded({"spec": fields})


def test_every_rule_and_peer_has_a_place() -> None:
    peers = [{"podSelector": {}}, {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.0.0.1/32"]}}]
    policy = decode(NetworkPolicy, spec(ingress=[{}, {"from": peers}], egress=[{"to": peers}]))
    places = locate(policy)
    assert places[id(policy.spec.ingress[1].peers[1])] == ("spec", "ingress", 1, "from", 1)
    assert places[id(policy.spec.egress[0].peers[0])] == ("spec", "egress", 0, "to", 0)


@pytest.mark.parametrize(
    ("fields", "directions"),
    [
        ({}, ("Ingress",)),
        ({"ingress": [{}]}, ("Ingress",)),
        ({"egress": []}, ("Ingress",)),
        ({"egress": [{}]}, ("Ingress", "Egress")),
        ({"egress": [{}], "policyTypes": []}, ("Ingress", "Egress")),
        ({"egress": [{}], "policyTypes": ["Ingress"]}, ("Ingress",)),
        ({"ingress": [{}], "policyTypes": ["Egress"]}, ("Egress",)),
    ],
)
def test_directions(fields: dict[str, Any], directions: tuple[str, ...]) -> None:
    assert decode(NetworkPolicy, spec(**fields)).spec.directions == directions


@pytest.mark.parametrize(
    ("port", "first", "number"),
    [
        (NetworkPolicyPort(), 1, 65535),
        (NetworkPolicyPort(port=80), 80, 1),
        (NetworkPolicyPort(port=80, end_port=90), 80, 11),
        (NetworkPolicyPort(port=80, end_port=70), 80, 1),
    ],
)
def test_ports(port: NetworkPolicyPort, first: int, number: int) -> None:
    assert (port.numbers[0], len(port.numbers)) == (first, number)


def test_a_named_port_is_no_number() -> None:
    assert list(NetworkPolicyPort(port="http").numbers) == []


@pytest.mark.parametrize(
    ("cidr", "excepted", "inside"),
    [
        ("0.0.0.0/0", (), True),
        ("169.254.0.0/16", ("10.0.0.0/8", "169.254.1.0/24"), True),
        ("0.0.0.0/0", ("10.0.0.0/8", "169.254.169.254/32"), False),
        ("::ffff:0:0/96", ("::ffff:a9fe:a9fe/128",), False),
        ("10.0.0.0/8", (), False),
        ("::/0", (), False),
        ("web", (), False),
    ],
)
def test_addresses_of_a_block(cidr: str, excepted: tuple[str, ...], inside: bool) -> None:
    assert (METADATA in IPBlock(cidr, excepted)) is inside


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        ({}, True),
        ({"to": [{"podSelector": {}}, {"ipBlock": {"cidr": "169.254.0.0/16"}}]}, True),
        ({"to": [{"podSelector": {}}, {"namespaceSelector": {}}]}, False),
        ({"ports": [{"port": 53, "protocol": "UDP"}, {"port": 80}]}, True),
        ({"ports": [{"port": 80, "protocol": "UDP"}, {"port": 443}]}, False),
        ({"ports": [{"port": 80}], "to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}, False),
    ],
)
def test_what_a_rule_allows(rule: dict[str, Any], allowed: bool) -> None:
    assert decode(NetworkPolicyEgressRule, encoded(rule)).allows(METADATA, 80) is allowed

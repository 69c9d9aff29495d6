"""NetworkPolicies: which pods they pick, and what they let those be reached by and reach."""

from ipaddress import IPv4Address

from msgspec import field

from gatewright.model.address import is_everywhere, networks_of
from gatewright.model.cluster import Object
from gatewright.model.schema import Node, Part
from gatewright.model.selector import LabelSelector

INGRESS, EGRESS = "Ingress", "Egress"

_NAME = "kubernetes.io/metadata.name"
"""The label that every namespace has: the API server sets it."""


class NetworkPolicyPort(Part, frozen=True, rename="camel", gc=False):
    """Ports: from `port`, a number or a container port's name, to `end_port`; all of a protocol without one."""

    end_port: int = 0
    port: str | int = ""
    protocol: str = "TCP"

    @property
    def numbers(self) -> range:
        """The ports; none for a name, which is a number only at the pod that has it."""
        if isinstance(self.port, str):
            return range(0) if self.port else range(1, 65536)
        return range(self.port, max(self.port, self.end_port) + 1)


class IPBlock(Part, frozen=True, rename="camel", gc=False):
    """A range of addresses, some of them excepted."""

    cidr: str = ""
    _except: tuple[str, ...] = field(default=(), name="except")

    def __contains__(self, address: IPv4Address) -> bool:
        """Whether an address is in it."""
        there, not_there = networks_of([self.cidr]), networks_of(self._except)
        return any(address in network for network in there) and not any(address in network for network in not_there)

    @property
    def unless(self) -> tuple[str, ...]:
        """What is excepted: `except` is a word of Python."""
        return self._except


class NetworkPolicyPeer(Node, frozen=True, rename="camel", gc=False):
    """Who is at the other end: addresses, or pods of some namespaces: of the policy's own where none are picked."""

    ip_block: IPBlock | None = None
    namespace_selector: LabelSelector | None = None
    pod_selector: LabelSelector | None = None

    @property
    def is_every_pod(self) -> bool:
        """Whether it is all pods of all namespaces."""
        if self.namespace_selector is None or (self.pod_selector and self.pod_selector.keys):
            return False
        return not self.namespace_selector.match_labels and all(
            requirement.key == _NAME and requirement.operator == "Exists"
            for requirement in self.namespace_selector.match_expressions
        )


class NetworkPolicyRule(Node, frozen=True, rename="camel", gc=False):
    """What is allowed in one direction: no peers are everybody, no ports are all."""

    ports: tuple[NetworkPolicyPort, ...] = ()

    @property
    def peers(self) -> tuple[NetworkPolicyPeer, ...]:
        """Who is at the other end."""
        raise NotImplementedError

    @property
    def has_every_port(self) -> bool:
        """Whether it is for all ports, at least of one protocol."""
        return not self.ports or any(len(port.numbers) >= 65535 for port in self.ports)

    @property
    def is_for_everybody(self) -> bool:
        """Whether it is for every address."""
        blocks = [peer.ip_block for peer in self.peers if peer.ip_block and not peer.ip_block.unless]
        return not self.peers or is_everywhere(block.cidr for block in blocks)

    def allows(self, address: IPv4Address, port: int) -> bool:
        """Whether it allows TCP with an address that is no pod's, at a port."""
        return (not self.peers or any(peer.ip_block and address in peer.ip_block for peer in self.peers)) and (
            not self.ports or any(each.protocol == "TCP" and port in each.numbers for each in self.ports)
        )


class NetworkPolicyIngressRule(NetworkPolicyRule, frozen=True, rename="camel", gc=False):
    """Who may reach which of the pods' ports."""

    _from: tuple[NetworkPolicyPeer, ...] = field(default=(), name="from")

    @property
    def peers(self) -> tuple[NetworkPolicyPeer, ...]:
        """Who may reach them."""
        return self._from


class NetworkPolicyEgressRule(NetworkPolicyRule, frozen=True, rename="camel", gc=False):
    """Which ports of whom the pods may reach."""

    to: tuple[NetworkPolicyPeer, ...] = ()

    @property
    def peers(self) -> tuple[NetworkPolicyPeer, ...]:
        """Whom they may reach."""
        return self.to


class NetworkPolicySpec(Node, frozen=True, rename="camel", gc=False):
    """What the pods that are picked may do, in each of its directions: nothing else than what a rule says."""

    egress: tuple[NetworkPolicyEgressRule, ...] = ()
    ingress: tuple[NetworkPolicyIngressRule, ...] = ()
    pod_selector: LabelSelector = LabelSelector()
    policy_types: tuple[str, ...] = ()

    @property
    def directions(self) -> tuple[str, ...]:
        """Ingress, Egress or both; where none is said, as the API server has it (networking/v1/defaults.go)."""
        return self.policy_types or ((INGRESS, EGRESS) if self.egress else (INGRESS,))

    def rules(self, direction: str) -> tuple[NetworkPolicyRule, ...]:
        """What is allowed in a direction."""
        return self.egress if direction == EGRESS else self.ingress


class NetworkPolicy(Object, frozen=True, rename="camel", gc=False):
    """A NetworkPolicy. The policies that pick a pod add up: what one of them allows is allowed."""

    spec: NetworkPolicySpec = field(default_factory=NetworkPolicySpec)

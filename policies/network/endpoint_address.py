"""Endpoints point at what a Service may stand for.

Fields:  subsets[*].addresses[*].ip and subsets[*].notReadyAddresses[*].ip of Endpoints; endpoints[*].addresses[*] of
         EndpointSlices, names of the address type FQDN as well
Allowed: any address but the cloud's metadata, loopback, link-local and unspecified ones, IPv4 inside of IPv6 as well;
         none of the ranges in `denied`. Whose an address is only the cluster's operator knows: with the ranges of
         nodes and pods there, nobody points at nodes or at pods of others. What was there already stays. What the
         cluster's own controllers write is left out, and the addresses of default/kubernetes
Why:     a Service with addresses of somebody's choice is reached by whatever trusts Services: an ingress controller, a
         webhook, the API server's proxy. They reach it past the NetworkPolicies that keep its author out.
Source:  CVE-2021-25740; CVE-2021-25737; k8s.io/kubernetes, pkg/apis/core/validation (ValidateNonSpecialIP)
Maps:    NSA/CISA "Network separation and hardening"; OWASP K07
"""

from collections.abc import Iterator

from gatewright.policy import (
    Endpoints,
    EndpointSlice,
    Params,
    Severity,
    User,
    Violation,
    Violations,
    policy,
    quote,
)

from ._addresses import METADATA, Cidr, is_any_in, target_of

CONTROLLERS = frozenset(
    {
        "system:serviceaccount:kube-system:endpoint-controller",
        "system:serviceaccount:kube-system:endpointslice-controller",
        "system:serviceaccount:kube-system:endpointslicemirroring-controller",
        "system:kube-controller-manager",
    }
)
"""Who writes the addresses of pods that Services pick: each as itself, or all as their manager."""

APISERVER = "system:apiserver"
"""Who writes where API servers are; on one node that can be any of its addresses."""


class EndpointAddress(Params):
    """`denied`: ranges of addresses that nobody writes by hand, such as those of nodes and pods."""

    denied: list[Cidr] = []


@policy(severity=Severity.MEDIUM)
def endpoint_address(
    endpoints: Endpoints | EndpointSlice,
    params: EndpointAddress,
    user: User | None,
    old: Endpoints | EndpointSlice | None,
) -> Violations:
    if user is not None and (user.name in CONTROLLERS or (user.name == APISERVER and _is_its_own(endpoints))):
        return
    kept = {address for address, _ in _written(old)} if old else ()
    for address, at in _written(endpoints):
        if address in kept:
            continue
        target = target_of(address)
        if target:
            severity = Severity.HIGH if target == METADATA else None
            yield Violation(endpoints, at, f"the address {quote(address)} leads to {target}", severity=severity)
        elif is_any_in(address, params.denied):
            yield Violation(endpoints, at, f"the address {quote(address)} is of a range that is denied")


def _is_its_own(endpoints: Endpoints | EndpointSlice) -> bool:
    return (endpoints.namespace, endpoints.name) == ("default", "kubernetes")


def _written(endpoints: Endpoints | EndpointSlice) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """The addresses, each with where it stands: items have no names, and those behind one that goes move up."""
    return _of_slice(endpoints) if isinstance(endpoints, EndpointSlice) else _of_endpoints(endpoints)


def _of_slice(endpoints: EndpointSlice) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    for number, endpoint in enumerate(endpoints.endpoints):
        for index, address in enumerate(endpoint.addresses):
            yield address, ("endpoints", number, "addresses", index)


def _of_endpoints(endpoints: Endpoints) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    for number, subset in enumerate(endpoints.subsets):
        for name, addresses in (("addresses", subset.addresses), ("notReadyAddresses", subset.not_ready_addresses)):
            for index, address in enumerate(addresses):
                yield address.ip, ("subsets", number, name, index, "ip")

"""Services take no addresses from elsewhere.

Fields:  spec.externalIPs
Allowed: addresses of the ranges in `allowed`; none unless it is set. Those that the Service has already stay, so that
         others can be given back. What a load balancer is given stands in the status
Why:     every node sends what is for such an address to the Service: whoever may create one takes over the traffic of
         the cluster to any address, another Service's or the world's, and the API does not check whose it is.
Source:  CVE-2020-8554; core/v1 ServiceSpec
Maps:    NSA/CISA "Network separation and hardening"; OWASP K07
"""

from gatewright.policy import REMOVE, Params, Service, Severity, Violation, Violations, policy, quote

from ._addresses import Cidr, are_all_in


class ServiceExternalIps(Params):
    """`allowed`: ranges of addresses that a Service may take, e.g. `[203.0.113.0/24]`."""

    allowed: list[Cidr] = []


@policy(severity=Severity.HIGH)
def service_external_ips(service: Service, params: ServiceExternalIps, old: Service | None) -> Violations:
    kept = old.spec.external_ips if old else ()
    for index, address in enumerate(service.spec.external_ips):
        if address not in kept and not are_all_in(address, params.allowed):
            message = f"the Service takes over what is for {quote(address)}"
            yield Violation(service.spec, ("externalIPs", index), message, fix=REMOVE)

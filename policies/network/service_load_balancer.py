"""Services are open to the outside only where that is wanted, and for those whom it is meant for.

Fields:  spec.type, spec.loadBalancerSourceRanges,
         metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]
Allowed: anything but LoadBalancer; LoadBalancer in the namespaces of `allowedNamespaces`, there with source ranges
         unless `requireSourceRanges` is false. Ranges that are everything between them, as 0.0.0.0/0 or ::/0, are
         none. The annotation, which was the field before there was one, counts where the field is empty
Why:     a load balancer is reached from wherever its cloud is reached, past the ingress, its TLS and its log.
Source:  core/v1 ServiceSpec; k8s.io/cloud-provider, service/helpers (GetLoadBalancerSourceRanges)
Maps:    NSA/CISA "Network separation and hardening"; OWASP K07
"""

from gatewright.policy import Globs, Params, Service, Severity, Violation, Violations, is_everywhere, policy

ANNOTATION = "service.beta.kubernetes.io/load-balancer-source-ranges"


class ServiceLoadBalancer(Params):
    """`allowedNamespaces`: where Services may have load balancers. `requireSourceRanges`: whether they say for whom."""

    allowed_namespaces: Globs = Globs()
    require_source_ranges: bool = True


@policy(severity=Severity.MEDIUM)
def service_load_balancer(service: Service, params: ServiceLoadBalancer) -> Violations:
    if service.spec.type != "LoadBalancer":
        return
    if not params.allowed_namespaces.match(service.namespace or ""):
        yield Violation(
            service.spec, "type", "the Service is reached from outside, which is not allowed in its namespace"
        )
    elif params.require_source_ranges:
        ranges = service.spec.load_balancer_source_ranges
        written = service.metadata.annotations.get(ANNOTATION, "").strip()
        given = ranges or (tuple(written.split(",")) if written else ())
        if not given or is_everywhere(given):
            message = "the Service is reached from everywhere: its source ranges say nothing else"
            yield Violation(service.spec, "loadBalancerSourceRanges", message)

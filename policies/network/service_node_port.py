"""Services open no ports on the nodes.

Fields:  spec.type
Allowed: anything but NodePort; NodePort in the namespaces of `allowedNamespaces`. A LoadBalancer, which mostly has
         node ports too, is service-load-balancer's
Why:     a node port is open on every node, past the ingress, its TLS and its log, and NetworkPolicies often see the
         node's address in place of the client's.
Source:  core/v1 ServiceSpec
Maps:    NSA/CISA "Network separation and hardening"; OWASP K07
"""

from gatewright.policy import Globs, Params, Service, Severity, Violation, Violations, policy


class ServiceNodePort(Params):
    """`allowedNamespaces`: where Services may open node ports."""

    allowed_namespaces: Globs = Globs()


@policy(severity=Severity.MEDIUM)
def service_node_port(service: Service, params: ServiceNodePort) -> Violations:
    if service.spec.type == "NodePort" and not params.allowed_namespaces.match(service.namespace or ""):
        message = "the Service opens a port on every node; one of type ClusterIP behind an Ingress does not"
        yield Violation(service.spec, "type", message)

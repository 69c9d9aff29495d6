"""Services, what stands before and behind them, and what may reach a pod."""

from msgspec import field

from gatewright.model.cluster import Object
from gatewright.model.network_policy import NetworkPolicy
from gatewright.model.schema import Node, Part, Present

__all__ = ["EndpointSlice", "Endpoints", "GRPCRoute", "HTTPRoute", "Ingress", "NetworkPolicy", "Service", "TLSRoute"]


class ServiceSpec(Node, frozen=True, rename="camel", gc=False):
    """How a Service is reached: `type` is ClusterIP (as is none), NodePort, LoadBalancer or ExternalName."""

    external_ips: tuple[str, ...] = field(default=(), name="externalIPs")
    external_name: str = ""
    load_balancer_source_ranges: tuple[str, ...] = ()
    type: str = ""


class Service(Object, frozen=True, rename="camel", gc=False):
    """A Service."""

    spec: ServiceSpec = field(default_factory=ServiceSpec)


class EndpointAddress(Node, frozen=True, rename="camel", gc=False):
    """An address behind a Service."""

    ip: str = ""


class EndpointSubset(Node, frozen=True, rename="camel", gc=False):
    """Addresses that offer the same ports."""

    addresses: tuple[EndpointAddress, ...] = ()
    not_ready_addresses: tuple[EndpointAddress, ...] = ()


class Endpoints(Object, frozen=True, rename="camel", gc=False):
    """The addresses behind a Service, in the form before EndpointSlices."""

    subsets: tuple[EndpointSubset, ...] = ()


class Endpoint(Node, frozen=True, rename="camel", gc=False):
    """One thing behind a Service, by all of its addresses: of the slice's `address_type`."""

    addresses: tuple[str, ...] = ()


class EndpointSlice(Object, frozen=True, rename="camel", gc=False):
    """Addresses behind a Service: `address_type` is IPv4, IPv6 or FQDN."""

    address_type: str = ""
    endpoints: tuple[Endpoint, ...] = ()


class HTTPIngressPath(Node, frozen=True, rename="camel", gc=False):
    """A path of a host."""

    path: str = ""
    path_type: str = ""


class HTTPIngressRuleValue(Part, frozen=True, rename="camel", gc=False):
    """The paths of a host; without one, all of them."""

    paths: tuple[HTTPIngressPath, ...] = ()


class IngressRule(Node, frozen=True, rename="camel", gc=False):
    """What is done with the requests for a host; an empty `host` is every host."""

    host: str = ""
    http: HTTPIngressRuleValue = HTTPIngressRuleValue()


class IngressTLS(Node, frozen=True, rename="camel", gc=False):
    """The hosts of a certificate; without one, all that the certificate is for."""

    hosts: tuple[str, ...] = ()


class IngressSpec(Node, frozen=True, rename="camel", gc=False):
    """Hosts and paths; `default_backend` gets what no rule is for."""

    default_backend: Present | None = None
    rules: tuple[IngressRule, ...] = ()
    tls: tuple[IngressTLS, ...] = ()


class Ingress(Object, frozen=True, rename="camel", gc=False):
    """An Ingress."""

    spec: IngressSpec = field(default_factory=IngressSpec)


class ParentReference(Node, frozen=True, rename="camel", gc=False):
    """What a route is attached to: a Gateway, or the Service whose traffic inside of the cluster it directs."""

    group: str = "gateway.networking.k8s.io"
    kind: str = "Gateway"


class RouteSpec(Node, frozen=True, rename="camel", gc=False):
    """What routes of every protocol have; without `hostnames` they are for every host of their Gateways."""

    hostnames: tuple[str, ...] = ()
    parent_refs: tuple[ParentReference, ...] = ()


class HTTPRoute(Object, frozen=True, rename="camel", gc=False):
    """A route of the Gateway API for HTTP."""

    spec: RouteSpec = field(default_factory=RouteSpec)


class GRPCRoute(Object, frozen=True, rename="camel", gc=False):
    """A route of the Gateway API for gRPC."""

    spec: RouteSpec = field(default_factory=RouteSpec)


class TLSRoute(Object, frozen=True, rename="camel", gc=False):
    """A route of the Gateway API for TLS that is passed through."""

    spec: RouteSpec = field(default_factory=RouteSpec)

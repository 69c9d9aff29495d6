"""An Ingress or a route is for hosts of its own.

Fields:  spec.rules[*].host, spec.defaultBackend and spec.tls[*].hosts[*] of an Ingress, and its annotations
         server-alias and redirect-from of any prefix; spec.hostnames[*] of an HTTPRoute, GRPCRoute or TLSRoute, unless
         it is for Services alone
Allowed: a host, and no wildcard. With `allowed` one of those, wildcards and none as well if they are covered: `*` is
         every host. A namespace of `perNamespace` has those hosts in place of `allowed`, and others may not have them.
         A host that an Ingress or a route of another namespace is for is not allowed either, nor one that meets it by
         a wildcard, unless `perNamespace` gives it. Certificates may be for wildcards
Why:     whoever names a host gets its requests, with the cookies, passwords and tokens in them, or a certificate for
         it. Of two namespaces that name the same at the same moment, both get it: `perNamespace` leaves nothing to
         that.
Source:  networking/v1 IngressSpec; Gateway API, Hostname and "Cross namespace routing"; ingress-nginx, server-alias;
         HAProxy Ingress, redirect-from
Maps:    NSA/CISA "Network separation and hardening"; OWASP K07
"""

from gatewright.policy import (
    Globs,
    GRPCRoute,
    HTTPRoute,
    Index,
    Ingress,
    Params,
    Severity,
    Store,
    TLSRoute,
    Violation,
    Violations,
    policy,
    quote,
)

from ._hosts import EVERY, Route, certified, is_wildcard, keys, meeting, normal, served

INGRESSES = Index(Ingress, keys)
HTTP_ROUTES = Index(HTTPRoute, keys)
GRPC_ROUTES = Index(GRPCRoute, keys)
TLS_ROUTES = Index(TLSRoute, keys)

ANY = "*" * 64
"""Stands for all that a wildcard does: no label is as long, so no glob has it by chance."""

NO_HOST = "no host is named, so the requests for every host are taken"
NO_RULE = "the default backend takes the requests for every host"


class IngressHost(Params):
    """`allowed`: hosts that may be used, e.g. `[*.shop.example]`. `perNamespace`: those of one namespace, which only it
    may use, e.g. `{shop: [*.shop.example]}`."""

    allowed: Globs | None = None
    per_namespace: dict[str, Globs] = {}


@policy(severity=Severity.MEDIUM)
def ingress_host(
    route: Route,
    params: IngressHost,
    ingresses: Store[Ingress],
    http_routes: Store[HTTPRoute],
    grpc_routes: Store[GRPCRoute],
    tls_routes: Store[TLSRoute],
) -> Violations:
    def is_taken(name: str) -> bool:
        return any(
            other.namespace and other.namespace != route.namespace
            for key in meeting(name)
            for found in (
                ingresses.by(INGRESSES, key),
                http_routes.by(HTTP_ROUTES, key),
                grpc_routes.by(GRPC_ROUTES, key),
                tls_routes.by(TLS_ROUTES, key),
            )
            for other in found
        )

    given = params.per_namespace.get(route.namespace or "")
    allowed = params.allowed if given is None else given
    for host, at in (*served(route), *certified(route)):
        name = normal(host)
        called = "a host of the annotation" if at[0] == "metadata" else f"the host {quote(host)}"
        is_certificate = at[1] == "tls" and is_wildcard(name)
        if name == EVERY and not (allowed is not None and _covers(allowed, name)):
            yield Violation(route, at, NO_RULE if at[-1] == "defaultBackend" else NO_HOST)
        elif allowed is not None and not _covers(allowed, name):
            yield Violation(route, at, f"{called} is not allowed in this namespace")
        elif allowed is None and is_wildcard(name) and not is_certificate:
            yield Violation(route, at, f"{called} stands for more than one")
        elif given is None and _is_kept(name, params.per_namespace):
            yield Violation(route, at, f"{called} is kept for another namespace", severity=Severity.HIGH)
        elif given is None and route.namespace and not is_certificate and is_taken(name):
            yield Violation(route, at, f"{called} is another namespace's", severity=Severity.HIGH)


def _covers(allowed: Globs, name: str) -> bool:
    return allowed.match(ANY + name[1:] if name.startswith("*.") else name)


def _is_kept(name: str, per_namespace: dict[str, Globs]) -> bool:
    """Whether a host, or one that a wildcard stands for, is some namespace's by configuration."""
    for globs in per_namespace.values():
        if name != EVERY and _covers(globs, name):
            return True
        if name.startswith("*.") and any(glob.endswith(name[1:]) for glob in globs):
            return True
    return False

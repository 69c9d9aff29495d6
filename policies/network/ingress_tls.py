"""An Ingress is reached by TLS.

Fields:  spec.tls[*].hosts of an Ingress, and the annotations by which load balancers take a certificate of their own:
         alb.ingress.kubernetes.io/certificate-arn, networking.gke.io/managed-certificates,
         ingress.gcp.kubernetes.io/pre-shared-cert, traefik.ingress.kubernetes.io/router.tls
Allowed: every host of spec.rules is in spec.tls, also by a wildcard, or one of the annotations is set. An item of
         spec.tls without hosts is for all that its certificate is for. What a certificate is fetched by (RFC 8555,
         8.3) needs none. Of a route the Gateway has the TLS, so none is judged
Why:     passwords, cookies and tokens are read, and answers are changed, on the way.
Source:  networking/v1 IngressTLS
Maps:    NSA/CISA "Network separation and hardening"
"""

from gatewright.policy import Ingress, Severity, Violation, Violations, policy, quote

from ._hosts import normal

ELSEWHERE = (
    "alb.ingress.kubernetes.io/certificate-arn",
    "networking.gke.io/managed-certificates",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
)
"""Annotations that name certificates outside of the cluster."""

ROUTER_TLS = "traefik.ingress.kubernetes.io/router.tls"

CHALLENGE = "/.well-known/acme-challenge/"
"""What a certificate is fetched by, which cannot need one."""


@policy(severity=Severity.MEDIUM)
def ingress_tls(ingress: Ingress) -> Violations:
    annotations = ingress.metadata.annotations
    if any(map(annotations.get, ELSEWHERE)) or annotations.get(ROUTER_TLS, "").lower() == "true":
        return
    covered = {normal(host) for tls in ingress.spec.tls for host in tls.hosts or ("",)}
    if "" in covered:
        return
    if not ingress.spec.rules and ingress.spec.default_backend is not None:
        yield Violation(ingress.spec, "tls", "the default backend is reached without TLS")
    for index, rule in enumerate(ingress.spec.rules):
        name = normal(rule.host)
        paths = rule.http.paths
        if paths and all(path.path.startswith(CHALLENGE) for path in paths):
            continue
        if name not in covered and f"*.{name.partition('.')[2]}" not in covered:
            called = f"the host {quote(rule.host)}" if name else "a rule without a host"
            yield Violation(
                ingress.spec, ("rules", index, "host"), f"{called} is reached without TLS: it is not in spec.tls"
            )

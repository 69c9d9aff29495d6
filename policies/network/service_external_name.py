"""Services are no other name for what is inside.

Fields:  spec.externalName of a Service of the type ExternalName, and the names of namespaces
Allowed: a name outside of the cluster; none that ends in .svc, .pod or `clusterDomain`, is localhost,
         kubernetes.default or a metadata service, and no address of one, of the node or of its link, in whatever form a
         resolver takes: 169.254.169.254 is 2852039166 and 0251.0376.0251.0376 as well. Nor web.pay where there is a
         namespace pay, unless a dot ends it: whoever searches the cluster's domains first, as ingress-nginx does, finds
         a Service of it. What a name of somebody else resolves to is not looked up
Why:     whatever follows the name does so with its own rights: an ingress controller reaches the Services of other
         namespaces past their NetworkPolicies, and the cloud's metadata with the node's credentials in it.
Source:  core/v1 ServiceSpec; RFC 6761, 6.3
Maps:    NSA/CISA "Network separation and hardening"; OWASP K07
"""

from gatewright.policy import Namespace, Params, Service, Severity, Store, Violation, Violations, policy, quote

from ._addresses import METADATA, target_of


class ServiceExternalName(Params):
    """`clusterDomain`: what the names of the cluster end in."""

    cluster_domain: str = "cluster.local"


@policy(severity=Severity.MEDIUM)
def service_external_name(service: Service, params: ServiceExternalName, namespaces: Store[Namespace]) -> Violations:
    if service.spec.type != "ExternalName":
        return
    target = target_of(service.spec.external_name)
    if not target and _is_internal(service.spec.external_name, params.cluster_domain, namespaces):
        target = "this cluster"
    if target:
        message = f"the name {quote(service.spec.external_name)} leads to {target}"
        severity = Severity.HIGH if target == METADATA else None
        yield Violation(service.spec, "externalName", message, severity=severity)


def _is_internal(written: str, domain: str, namespaces: Store[Namespace]) -> bool:
    absolute = written.strip().lower()
    name = absolute.rstrip(".")
    if name in {"kubernetes", "kubernetes.default"} or name.endswith((".svc", ".pod", f".{domain.lower().strip('.')}")):
        return True
    namespace = absolute.partition(".")[2]
    return namespace != "" and "." not in namespace and namespaces.get(None, namespace) is not None

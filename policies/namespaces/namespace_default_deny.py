"""Traffic of a namespace with workloads is denied unless it is allowed.

Fields:  the NetworkPolicies of the namespace that a workload is in, and the labels of the pod; with `egress` what they
         allow to 169.254.169.254, port 80, as well
Allowed: a policy with an empty podSelector that does not allow everything itself, so that every pod is limited: for
         ingress, with `egress` for egress too, and then no policy that picks the pod and lets it reach the metadata.
         Pods with hostNetwork are left out: no policy is about them. A file that names no namespace is in none
Why:     whoever gets into one pod reaches every other one, and the cloud's credentials of the node, unless something
         says otherwise.
Source:  networking/v1 NetworkPolicy; "Network Policies", default policies
Maps:    CIS 5.3.2; NSA/CISA "Network separation and hardening"; OWASP K07
"""

from ipaddress import IPv4Address

from gatewright.policy import NetworkPolicy, Params, Pod, Severity, Store, Violation, Violations, policy, quote

from ._shared import place

METADATA = IPv4Address("169.254.169.254")

WORDS = {"Ingress": "who reaches this pod", "Egress": "what this pod reaches"}


class NamespaceDefaultDeny(Params):
    """`egress`: whether what pods reach must be limited as well, the cloud's metadata above all."""

    egress: bool = False


def _limits(netpol: NetworkPolicy, direction: str) -> bool:
    """Whether it keeps somebody out in a direction."""
    spec = netpol.spec
    return direction in spec.directions and not any(
        rule.is_for_everybody and rule.has_every_port for rule in spec.rules(direction)
    )


@policy(severity=Severity.LOW, topic="namespace")
def namespace_default_deny(pod: Pod, params: NamespaceDefaultDeny, netpols: Store[NetworkPolicy]) -> Violations:
    if pod.namespace is None or pod.spec.host_network:
        return
    labels = pod.metadata.labels
    there = netpols.within(pod.namespace)
    for direction in ("Ingress", "Egress") if params.egress else ("Ingress",):
        limiting = [netpol.spec for netpol in there if _limits(netpol, direction)]
        if [spec for spec in limiting if not spec.pod_selector.keys]:
            continue
        spec = f"a default-deny has spec: {{podSelector: {{}}, policyTypes: [{direction}]}}"
        if any(spec.pod_selector.matches(labels) for spec in limiting):
            wrong = f"no default-deny NetworkPolicy of its namespace is known, only some for this pod; {spec}"
        else:
            wrong = f"no NetworkPolicy is known that limits {WORDS[direction]}; {spec}"
        yield Violation(place(pod), "namespace", wrong)
    for netpol in there if params.egress else ():
        picks = "Egress" in netpol.spec.directions and netpol.spec.pod_selector.matches(labels)
        if picks and any(rule.allows(METADATA, 80) for rule in netpol.spec.egress):
            wrong = f"NetworkPolicy {quote(netpol.name)} lets this pod reach {METADATA}; except it from the ipBlock"
            yield Violation(place(pod), "namespace", wrong)

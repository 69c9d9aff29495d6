"""A NetworkPolicy does not allow everything.

Fields:  spec.ingress[*] and spec.egress[*], each where spec.policyTypes has the direction: ingress always where there
         is none, egress where there is a rule of it
Allowed: rules that name somebody or some ports. Open is one for all ports, at least of a protocol, and for everybody:
         no peers, or addresses that are everything between them, as 0.0.0.0/0 without an exception; and one for all
         pods of all namespaces
Why:     a policy that allows everything is worse than none: it looks like one, it cannot be taken back by another,
         since what one allows is allowed, and with an empty podSelector it is for the whole namespace.
Source:  networking/v1 NetworkPolicy
Maps:    CIS 5.3.2; NSA/CISA "Network separation and hardening"; OWASP K07
"""

from gatewright.policy import NetworkPolicy, Severity, Violation, Violations, policy


@policy(severity=Severity.MEDIUM)
def network_policy_open(netpol: NetworkPolicy) -> Violations:
    spec = netpol.spec
    of_some = bool(spec.pod_selector.keys)
    pods = "the pods that it picks" if of_some else "every pod of its namespace"
    for direction in ("Ingress", "Egress"):
        for rule in spec.rules(direction) if direction in spec.directions else ():
            if not rule.has_every_port:
                continue
            if rule.is_for_everybody:
                who = "everybody"
            elif any(peer.is_every_pod for peer in rule.peers):
                who = "every pod of every namespace"
            else:
                continue
            there = (
                f"{who} reach every port of {pods}" if direction == "Ingress" else f"{pods} reach every port of {who}"
            )
            yield Violation(rule, "", f"it lets {there}", severity=None if of_some else Severity.HIGH)

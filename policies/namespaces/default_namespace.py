"""Workloads are in a namespace that somebody chose.

Fields:  metadata.namespace of a workload, as the request has it
Allowed: any but default. A file that names no namespace is in none
Why:     whatever names no namespace lands in default, of all teams: what one of them is given there, a right, a quota
         or a NetworkPolicy, the others are given as well.
Source:  "Namespaces", initial namespaces
Maps:    CIS 5.6.4; OWASP K07
"""

from gatewright.policy import Pod, Severity, Violation, Violations, policy

from ._shared import place


@policy(severity=Severity.MEDIUM, topic="namespace")
def default_namespace(pod: Pod) -> Violations:
    if pod.namespace == "default":
        yield Violation(
            place(pod), "namespace", "it is in the namespace default, which is nobody's; choose one with -n"
        )

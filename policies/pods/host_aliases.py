"""Pods do not bring names of their own for hosts.

Fields:  spec.hostAliases
Allowed: unset or empty
Why:     /etc/hosts is asked before DNS: an entry puts another machine in the place of a service of the cluster, where
         nobody looks for it.
Source:  Kubernetes documentation, "Adding entries to Pod /etc/hosts with HostAliases"
"""

from gatewright.policy import REMOVE, Pod, Severity, Violation, Violations, policy


@policy(severity=Severity.LOW)
def host_aliases(pod: Pod) -> Violations:
    if pod.spec.host_aliases:
        yield Violation(pod.spec, "hostAliases", "the pod must not set hostAliases: use DNS", fix=REMOVE)

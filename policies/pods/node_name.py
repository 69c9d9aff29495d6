"""Pods do not choose their node past the scheduler.

Fields:  spec.nodeName of templates, and of a Pod when it is created
Allowed: unset; in a Pod that the kubelet of that node creates (the mirror of a static pod); in a Pod that exists, since
         the scheduler sets it
Why:     such a pod is put on its node whatever its taints, its room and the pod's affinity say: nodeSelector and
         affinity ask the scheduler.
Source:  Kubernetes documentation, "Assigning Pods to Nodes"
"""

from gatewright.policy import REMOVE, Pod, Severity, User, Violation, Violations, find, policy, quote


@policy(severity=Severity.MEDIUM)
def node_name(pod: Pod, old: Pod | None, user: User | None) -> Violations:
    name = pod.spec.node_name
    if not name or (old is not None and old.spec.node_name == name):
        return
    if user is None:  # not about to be created: read from a file, or from the cluster, whose scheduler has placed it
        is_placed = not pod.is_template and find(pod.raw, ("metadata", "resourceVersion"))
    else:
        is_placed = not pod.is_template and user.name == f"system:node:{name}"
    if not is_placed:
        message = f"the pod must not set nodeName to {quote(name)}, past the scheduler: use nodeSelector or affinity"
        yield Violation(pod.spec, "nodeName", message, fix=REMOVE)

"""Pods are not placed on the nodes of the control plane.

Fields:  spec.tolerations[*].{key,effect}, spec.nodeSelector, spec.affinity.nodeAffinity: the matchExpressions that are
         required or preferred
Allowed: tolerations of other taints; other labels, and NotIn and DoesNotExist of these; anything in a namespace of
         `allowedNamespaces`. A toleration without a key bears every taint; of the effect PreferNoSchedule it bears none
         that keeps a pod away. A node that is named, which passes every taint of NoSchedule, is node-name's, whichever
         it is
Why:     a pod that breaks out of its container there has the keys of the cluster.
Source:  the taints and labels of kubeadm (node-role.kubernetes.io/control-plane, once master), RKE (controlplane, etcd)
"""

from gatewright.policy import REMOVE, Globs, Params, Pod, Severity, Violation, Violations, policy, quote

AWAY = frozenset({"DoesNotExist", "NotIn"})
ROLES = frozenset(f"node-role.kubernetes.io/{role}" for role in ("control-plane", "controlplane", "etcd", "master"))


class ControlPlanePlacement(Params):
    """`allowedNamespaces`: whose pods may be placed there."""

    allowed_namespaces: Globs = Globs()


@policy(severity=Severity.HIGH)
def control_plane_placement(pod: Pod, params: ControlPlanePlacement) -> Violations:
    if params.allowed_namespaces.match(pod.namespace or ""):
        return
    for toleration in pod.spec.tolerations:
        if toleration.effect == "PreferNoSchedule":
            continue
        if toleration.key in ROLES:
            message = f"the pod must not tolerate the control plane's taint {quote(toleration.key)}"
            yield Violation(toleration, "", message, fix=REMOVE)
        elif not toleration.key:
            yield Violation(toleration, "key", "the pod must not tolerate every taint: the control plane's is one")
    for label in pod.spec.node_selector:
        if label in ROLES:
            message = f"the pod must not select the control plane's nodes by {quote(label)}"
            yield Violation(pod.spec, ("nodeSelector", label), message, fix=REMOVE)
    affinity = pod.spec.affinity.node_affinity
    required = affinity.required_during_scheduling_ignored_during_execution.node_selector_terms
    preferred = affinity.preferred_during_scheduling_ignored_during_execution
    for term in (*required, *(term.preference for term in preferred)):
        for wanted in term.match_expressions:
            if wanted.key in ROLES and wanted.operator not in AWAY:
                message = f"the pod must not select the control plane's nodes by {quote(wanted.key)}"
                yield Violation(wanted, "key", message)

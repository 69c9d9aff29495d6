"""Nodes are written by kubelets and the control plane.

Fields:  rules[*]: update or patch of nodes and nodes/status; delete or deletecollection of nodes
Allowed: reading them; names of nodes in `resourceNames` ease it; a RoleBinding, which gives nothing of the cluster's
Why:     labels, taints and conditions say which pods a node runs: pods with tokens worth having can be drawn to a node
         that somebody has broken into.
Source:  rbac-police, "steal_pods"; plugin/pkg/admission/noderestriction of Kubernetes v1.37
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.HIGH)
def rbac_node_write(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-node-write", grants, access)

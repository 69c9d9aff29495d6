"""Nobody reads what nodes hold.

Fields:  rules[*]: create of nodes/checkpoint; get of nodes/log, nodes/configz, nodes/pods, nodes/stats, nodes/healthz
         and nodes/statusz
Allowed: nodes/metrics; a RoleBinding, which gives nothing of the cluster's
Why:     a checkpoint is the memory of a container, its keys among it; logs hold what programs let slip.
Source:  Kubernetes, "Kubelet authentication/authorization"; KEP-2862
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.MEDIUM)
def rbac_node_data(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-node-data", grants, access)

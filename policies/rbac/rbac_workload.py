"""Pods are created in namespaces that hold nothing else.

Fields:  rules[*]: create of pods; create, update or patch of replicationcontrollers, deployments, daemonsets,
         statefulsets, replicasets, jobs and cronjobs
Allowed: reading and deleting them; deployments/scale and other subresources
Why:     a pod runs as any ServiceAccount of its namespace and mounts any Secret there; where no pod security is
         enforced, it takes the node.
Source:  Kubernetes, "RBAC Good Practices", "Workload creation"
Maps:    CIS 5.1.4
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.HIGH)
def rbac_workload(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-workload", grants, access)

"""Nobody creates PersistentVolumes by hand.

Fields:  rules[*]: create of persistentvolumes
Allowed: persistentvolumeclaims; a RoleBinding, which gives nothing of the cluster's
Why:     a volume can be a path of the node: whoever creates one reads and writes the node's files, whatever pod
         security forbids in pods.
Source:  Kubernetes, "RBAC Good Practices", "Persistent volume creation"
Maps:    CIS 5.1.9
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.HIGH)
def rbac_persistent_volume(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-persistent-volume", grants, access)

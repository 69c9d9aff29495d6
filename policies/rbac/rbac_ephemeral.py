"""Nobody adds containers to others' pods.

Fields:  rules[*]: update or patch of pods/ephemeralcontainers
Allowed: pods that `resourceNames` name, a step less bad
Why:     a container that joins a pod has the pod's volumes within reach, its network and its ServiceAccount.
Source:  Kubernetes, "Ephemeral Containers"
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.HIGH)
def rbac_ephemeral(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-ephemeral", grants, access)

"""Nobody changes the image of running pods.

Fields:  rules[*]: update or patch of pods
Allowed: pods that `resourceNames` name, a step less bad; subresources such as pods/status
Why:     the image of a container may be changed while its pod runs, and then runs as the pod's ServiceAccount.
Source:  Kubernetes, "Pods", "Pod update and replacement"
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.HIGH)
def rbac_pod_patch(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-pod-patch", grants, access)

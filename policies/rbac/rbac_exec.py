"""Nobody runs commands in others' pods.

Fields:  rules[*]: create of pods/exec and pods/attach; before v1.35 get as well, which was enough over WebSocket
Allowed: pods that `resourceNames` name, a step less bad
Why:     a shell in a container has the container's Secrets, its network and its ServiceAccount.
Source:  Kubernetes, "Authorization", "Determine the request verb"; AuthorizePodWebsocketUpgradeCreatePermission
"""

from gatewright.policy import Access, Grants, KubernetesVersion, Severity, Violations, policy

from ._catalogue import RISKS
from ._judged import judged


@policy(severity=Severity.HIGH)
def rbac_exec(grants: Grants, access: Access, version: KubernetesVersion) -> Violations:
    yield from judged(RISKS["rbac-exec"], grants, access, version=version)

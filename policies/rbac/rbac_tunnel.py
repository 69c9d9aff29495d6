"""Nobody reaches internal ports through the API server.

Fields:  rules[*]: create of pods/portforward, before v1.35 get as well; any verb on pods/proxy and services/proxy
Allowed: pods and Services that `resourceNames` name, a step less bad
Why:     what comes through the API server or the kubelet passes by NetworkPolicies, and by whoever guards the way in.
Source:  Kubernetes, "Proxies in Kubernetes"
"""

from gatewright.policy import Access, Grants, KubernetesVersion, Severity, Violations, policy

from ._catalogue import RISKS
from ._judged import judged


@policy(severity=Severity.MEDIUM)
def rbac_tunnel(grants: Grants, access: Access, version: KubernetesVersion) -> Violations:
    yield from judged(RISKS["rbac-tunnel"], grants, access, version=version)

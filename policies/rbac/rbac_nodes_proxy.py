"""Nobody goes to the kubelets through nodes/proxy.

Fields:  rules[*]: any verb on nodes/proxy
Allowed: nodes/metrics, nodes/pods, nodes/stats and the like
Why:     the kubelet runs commands in every pod for whoever has it; directly asked, neither audit nor admission sees it.
Source:  Kubernetes, "RBAC Good Practices", "Access to proxy subresource of Nodes"
Maps:    CIS 5.1.10
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.CRITICAL)
def rbac_nodes_proxy(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-nodes-proxy", grants, access)

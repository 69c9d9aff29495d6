"""Nobody becomes a node.

Fields:  rules[*], certificates.k8s.io: create of certificatesigningrequests and of their /nodeclient
Allowed: one of the two alone; a RoleBinding, which gives nothing of the cluster's
Why:     kube-controller-manager approves such a request without anybody's look; a node reads the Secrets of the pods
         that it runs.
Source:  Kubernetes, "TLS bootstrapping"
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.HIGH)
def rbac_node_bootstrap(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-node-bootstrap", grants, access)

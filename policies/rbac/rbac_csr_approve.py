"""Nobody approves certificates that they ask for.

Fields:  rules[*], certificates.k8s.io: create of certificatesigningrequests, update or patch of their /approval, and
         approve of the signers kubernetes.io/kube-apiserver-client, kubernetes.io/kube-apiserver-client-kubelet or
         kubernetes.io/*
Allowed: signers of their own in `resourceNames`; a RoleBinding, which gives nothing of the cluster's
Why:     a client certificate is whoever it names, lasts for a year, and cannot be taken back.
Source:  Kubernetes, "RBAC Good Practices", "CSRs and certificate issuing"
Maps:    CIS 5.1.11
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.CRITICAL)
def rbac_csr_approve(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-csr-approve", grants, access)

"""Certificates are issued by their signer.

Fields:  rules[*], certificates.k8s.io: update or patch of certificatesigningrequests/status, together with sign of the
         signers kubernetes.io/…
Allowed: signers of their own in `resourceNames`
Why:     what is written there is taken for what Kubernetes' own authority signed.
Source:  Kubernetes, "Certificates and Certificate Signing Requests"
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.MEDIUM)
def rbac_csr_sign(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-csr-sign", grants, access)

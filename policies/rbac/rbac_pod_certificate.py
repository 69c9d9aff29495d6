"""Certificates of pods are asked for by kubelets, and issued by their signer.

Fields:  rules[*]: create of podcertificaterequests; update or patch of podcertificaterequests/status together with sign
         on signers, certificates.k8s.io
Allowed: reading them
Why:     a signer that believes a request without a look at the pod issues the certificate of another workload.
Source:  KEP-4317
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.MEDIUM)
def rbac_pod_certificate(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-pod-certificate", grants, access)

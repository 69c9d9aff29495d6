"""Nobody chooses which certificate authorities programs trust.

Fields:  rules[*]: create, update or patch of clustertrustbundles together with attest on signers, certificates.k8s.io
Allowed: reading them; bundles without a signer; a RoleBinding, which gives nothing of the cluster's
Why:     a program that trusts a bundle trusts every server that shows a certificate of its authorities.
Source:  plugin/pkg/admission/certificates/ctbattest of Kubernetes v1.37; KEP-3257
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.HIGH)
def rbac_trust_bundle(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-trust-bundle", grants, access)

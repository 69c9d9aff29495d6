"""Nobody looks around in all namespaces.

Fields:  rules[*]: get of pods/log; list or watch of configmaps in every namespace; create of tokenreviews and
         subjectaccessreviews
Allowed: configmaps of one namespace; names in `resourceNames`
Why:     logs and settings tell where to go next, often with a password on the way, and reviews what a stolen token is
         worth.
Source:  Kubernetes, "Authorization", "Checking API access"
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.LOW)
def rbac_recon(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-recon", grants, access)

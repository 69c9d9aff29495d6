"""Nobody writes others' ServiceAccounts.

Fields:  rules[*]: create, update or patch of serviceaccounts
Allowed: reading them; names in `resourceNames` ease it
Why:     clouds give roles of theirs to an account by its annotations or its name.
Source:  Amazon EKS, "IAM roles for service accounts"; Google Cloud, "Workload Identity Federation for GKE"
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.MEDIUM)
def rbac_service_account_write(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-service-account-write", grants, access)

"""Nobody writes or deletes admission policies and their bindings.

Fields:  rules[*]: create, update, patch, delete or deletecollection of validatingadmissionpolicies,
         mutatingadmissionpolicies and the bindings of either
Allowed: reading them. A name eases it, but for writing mutating ones: one of any name can change every object
Why:     what a policy forbids is allowed once its binding is gone, and a mutating one changes whatever is created.
Source:  KEP-3488 and KEP-3962: admission webhooks are not asked about them either
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.HIGH)
def rbac_admission_policy(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-admission-policy", grants, access)

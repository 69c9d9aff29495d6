"""Nobody writes or deletes the definitions of custom resources.

Fields:  rules[*]: create, update, patch, delete or deletecollection of customresourcedefinitions
Allowed: reading them; names of definitions in `resourceNames` ease it
Why:     all objects of a custom resource pass through its conversion webhook, and go when its definition is deleted.
Source:  Kubernetes, "Versions in CustomResourceDefinitions"
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.HIGH)
def rbac_crd(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-crd", grants, access)

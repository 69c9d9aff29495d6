"""Nobody deletes what cannot be brought back.

Fields:  rules[*]: delete or deletecollection of everything, namespaces, persistentvolumes, persistentvolumeclaims,
         secrets and events; the verb unsafe-delete-ignore-read-errors, by its name, on anything
Allowed: names in `resourceNames` ease it
Why:     data and evidence go with what is deleted; an unsafe deletion passes by admission and finalizers.
Source:  Kubernetes, "Force deletion" of objects that cannot be read (KEP-3926)
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.MEDIUM)
def rbac_destroy(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-destroy", grants, access)

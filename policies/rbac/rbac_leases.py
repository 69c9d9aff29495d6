"""The Leases of the control plane are renewed by their holders.

Fields:  rules[*]: update, patch, delete or deletecollection of leases without resourceNames, everywhere, in kube-system
         or in kube-node-lease
Allowed: names in `resourceNames`; other namespaces
Why:     a scheduler or controller manager that loses its Lease stops, and a node that does not renew its own is taken
         for dead.
Source:  Kubernetes, "Leases"
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.MEDIUM)
def rbac_leases(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-leases", grants, access)

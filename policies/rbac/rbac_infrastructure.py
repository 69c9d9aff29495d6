"""Nobody changes what nodes mount and run containers by.

Fields:  rules[*]: create, update or patch of csidrivers, storageclasses, volumeattachments and runtimeclasses; use of
         securitycontextconstraints; nonResourceURLs of all, by a ClusterRoleBinding
Allowed: reading them; names in `resourceNames` ease it, but for securitycontextconstraints; single URLs
Why:     a driver mounts what it likes into pods, a privileged SecurityContextConstraints lets pods be privileged, and
         the API server has URLs with its own logs and profiles.
Source:  Kubernetes, "Using RBAC Authorization"; OpenShift, "Managing security context constraints"
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.MEDIUM)
def rbac_infrastructure(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-infrastructure", grants, access)

"""Roles and bindings belong to those who administer.

Fields:  rules[*]: create, update, patch, delete or deletecollection of roles, clusterroles, rolebindings and
         clusterrolebindings
Allowed: reading them. With escalate or bind it is rbac-escalate's or rbac-bind's
Why:     nobody writes into a role what they do not have, but they pass it on to others, keep it so, and take others'
         away.
Source:  Kubernetes, "Using RBAC Authorization", "Privilege escalation prevention and bootstrapping"
Maps:    CIS 5.1.8
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found

WORSE = ("rbac-escalate", "rbac-bind")


@policy(severity=Severity.MEDIUM)
def rbac_delegate(grants: Grants, access: Access) -> Violations:
    if not any(violation for other in WORSE for violation in found(other, grants, access)):
        yield from found("rbac-delegate", grants, access)

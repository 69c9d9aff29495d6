"""Nobody chooses whose requests the API server answers first.

Fields:  rules[*]: create, update, patch, delete or deletecollection of flowschemas and prioritylevelconfigurations
Allowed: reading them; names in `resourceNames` ease it
Why:     a flow schema can make everybody else wait, kubelets and controllers among them.
Source:  Kubernetes, "API Priority and Fairness"
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.MEDIUM)
def rbac_flow_control(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-flow-control", grants, access)

"""Nobody moves others' pods.

Fields:  rules[*]: delete or deletecollection of pods; create of pods/eviction, pods/binding and bindings; update or
         patch of pods/status
Allowed: reading them; names in `resourceNames` ease it
Why:     with a node that is theirs, whoever stops or binds pods draws them there, with their tokens and Secrets.
Source:  rbac-police, "steal_pods"
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.MEDIUM)
def rbac_pod_steal(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-pod-steal", grants, access)

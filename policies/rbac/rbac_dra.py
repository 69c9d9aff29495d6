"""Nobody uses others' devices, or gives them away.

Fields:  rules[*]: create of resourceclaims and resourceclaimtemplates, where the namespace permits adminAccess; create,
         update or patch of resourceslices, deviceclasses and devicetaintrules; from Kubernetes 1.36 on update or patch
         of resourceclaims/binding, and arbitrary-node: and associated-node: update or patch of resourceclaims/driver
Allowed: claims in a namespace without the label resource.kubernetes.io/admin-access: "true"; names in `resourceNames`
         ease it
Why:     a claim with adminAccess shares a device that is in use by others, a taint takes it from their pods, and the
         status of a claim says whose it is.
Source:  KEP-5018, KEP-5055, KEP-4381
"""

from gatewright.policy import Access, Grants, KubernetesVersion, Namespace, Severity, Store, Violations, policy

from ._catalogue import RISKS
from ._cluster import OTHERS_DEVICES
from ._judged import judged

ADMIN_ACCESS = "resource.kubernetes.io/admin-access"


@policy(severity=Severity.MEDIUM)
def rbac_dra(grants: Grants, access: Access, version: KubernetesVersion, namespaces: Store[Namespace]) -> Violations:
    found = [namespaces.get(None, name) for name in grants.namespaces]
    has_admin_access = not found or any(one and one.labels.get(ADMIN_ACCESS) == "true" for one in found)
    row = RISKS["rbac-dra"] if has_admin_access else OTHERS_DEVICES
    yield from judged(row, grants, access, version=version)

"""Nobody writes or deletes APIServices.

Fields:  rules[*]: create, update, patch, delete or deletecollection of apiservices
Allowed: reading them; names of APIServices in `resourceNames` ease it
Why:     requests for the part of the API that an APIService names are sent to its server, which is believed.
Source:  Kubernetes, "Kubernetes API Aggregation Layer"
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.HIGH)
def rbac_apiservice(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-apiservice", grants, access)

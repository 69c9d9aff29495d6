"""Traffic is led by those who are meant to.

Fields:  rules[*]: create, update or patch of services, endpoints, endpointslices and ingresses; update or patch of
         services/status
Allowed: reading them; names in `resourceNames` ease it
Why:     external addresses of a Service take over traffic to them, endpoints reach pods of other namespaces, and an
         Ingress serves whichever host it names.
Source:  CVE-2020-8554; CVE-2021-25740
"""

from gatewright.policy import Access, Grants, Severity, Violations, policy

from ._judged import found


@policy(severity=Severity.MEDIUM)
def rbac_traffic(grants: Grants, access: Access) -> Violations:
    yield from found("rbac-traffic", grants, access)

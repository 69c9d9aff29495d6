"""Nobody has a controller do for them what they may not.

Fields:  rules[*]: create, update or patch of what `controllers` names
Allowed: reading it
Why:     a controller that deploys what an object says does so with its own permissions, most often all there are.
Source:  Argo CD, "Security"; Flux, "Security: multi-tenancy"; OWASP Kubernetes Top Ten
"""

import functools

from gatewright.policy import Access, Grants, Params, Risk, Severity, Violations, policy

from ._control_plane import CONTROLLERS, controller_proxy
from ._judged import judged


class RbacControllerProxy(Params):
    """`controllers`: resources by API group, such as `{argoproj.io: [applications]}`."""

    controllers: dict[str, list[str]] = {group: list(resources) for group, resources in CONTROLLERS.items()}

    @functools.cached_property
    def row(self) -> Risk:
        """The row for these."""
        return controller_proxy(self.controllers)


@policy(severity=Severity.HIGH)
def rbac_controller_proxy(grants: Grants, access: Access, params: RbacControllerProxy) -> Violations:
    yield from judged(params.row, grants, access)

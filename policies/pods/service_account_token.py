"""Pods have no token for the API server, unless they are said to need one.

Fields:  spec.automountServiceAccountToken, or that of the ServiceAccount where it is unset; spec.serviceAccountName and
         the deprecated spec.serviceAccount; spec.volumes[*].projected.sources[*].serviceAccountToken.audience
Allowed: automountServiceAccountToken: false in the pod or in its account; tokens for an audience that is not known as
         an API server's; anything of an account of `allowedServiceAccounts`, and in a namespace of `allowedNamespaces`.
         The mirror of a static pod has no token. The volume that the API server itself adds to a Pod is told with the
         field that it is added for
Why:     most programs never call the API server, and whoever breaks into one of them holds the token of its account.
Source:  Kubernetes documentation, "Configure Service Accounts for Pods"; plugin/pkg/admission/serviceaccount of v1.37
Maps:    CIS 5.1.6; NSA/CISA "Kubernetes Pod security"
"""

from gatewright.policy import (
    Globs,
    Params,
    Pod,
    ServiceAccount,
    Set,
    Severity,
    Store,
    Violation,
    Violations,
    policy,
    quote,
)

from ._account import account_of
from ._token import is_for_the_api_server, is_mounted

ADDED = "kube-api-access-"
"""How the name of the volume begins that the API server adds."""


class ServiceAccountToken(Params):
    """`allowedServiceAccounts`: whose pods need a token: `NAME` in every namespace, or `NAMESPACE/NAME`.
    `allowedNamespaces`: where all may have one."""

    allowed_service_accounts: Globs = Globs()
    allowed_namespaces: Globs = Globs()

    def allows(self, namespace: str, account: str) -> bool:
        """Whether the pods of an account may have a token; a name with a slash in it is no name of an account."""
        of_one = Globs(glob for glob in self.allowed_service_accounts if "/" in glob)
        is_allowed = self.allowed_service_accounts.match(account) or of_one.match(f"{namespace}/{account}")
        return is_allowed and "/" not in account


@policy(severity=Severity.MEDIUM, topic="service account")
def service_account_token(pod: Pod, params: ServiceAccountToken, accounts: Store[ServiceAccount]) -> Violations:
    name, namespace = account_of(pod), pod.namespace or ""
    if not name or params.allowed_namespaces.match(namespace) or params.allows(namespace, name):
        return
    of = f"a token of service account {quote(name)}"
    has_one = is_mounted(pod, accounts, name)
    added = [volume for volume in pod.spec.volumes if has_one and _is_added(pod, volume.name)]
    if added:  # and stays in this very object, whatever the field says
        message = f"the pod is given {of}: set automountServiceAccountToken to false"
        yield Violation(pod.spec, "automountServiceAccountToken", message)
    elif has_one:
        yield Violation(pod.spec, "automountServiceAccountToken", f"the pod is given {of}", fix=Set(False))
    for volume in pod.spec.volumes:
        for source in volume.projected.sources if volume.projected and volume not in added else ():
            token = source.service_account_token
            if token is not None and is_for_the_api_server(token.audience):
                message = f"volume {quote(volume.name)} holds {of} for the API server"
                yield Violation(source, "serviceAccountToken", message)


def _is_added(pod: Pod, volume: str) -> bool:
    return not pod.is_template and volume.startswith(ADDED)

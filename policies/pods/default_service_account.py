"""Pods run as a ServiceAccount of their own.

Fields:  spec.serviceAccountName, and the deprecated spec.serviceAccount where that is empty
Allowed: any name but `default`, which is also what it is when unset; anything in a namespace of `allowedNamespaces`.
         The mirror of a static pod has no account
Why:     what is granted to `default` for the sake of one program is granted to all that name no account, and no log
         tells them apart.
Source:  Kubernetes documentation, "Service Accounts"
Maps:    CIS 5.1.5; NSA/CISA "Authentication and authorization"
"""

from gatewright.policy import Globs, Params, Pod, Severity, Violation, Violations, policy

from ._account import account_of


class DefaultServiceAccount(Params):
    """`allowedNamespaces`: where pods may run as `default`."""

    allowed_namespaces: Globs = Globs()


@policy(severity=Severity.MEDIUM, topic="service account")
def default_service_account(pod: Pod, params: DefaultServiceAccount) -> Violations:
    if params.allowed_namespaces.match(pod.namespace or "") or account_of(pod) != "default":
        return
    is_deprecated = pod.spec.service_account and not pod.spec.service_account_name
    field = "serviceAccount" if is_deprecated else "serviceAccountName"
    yield Violation(pod.spec, field, f'the pod must set {field} to an account of its own, not run as "default"')

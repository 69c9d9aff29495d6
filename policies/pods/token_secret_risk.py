"""Pods take no token from a Secret by which they can do much harm.

Fields:  spec.volumes[*].secret.secretName and .projected.sources[*].secret.name, containers[*].env[*].valueFrom
         .secretKeyRef, containers[*].envFrom[*].secretRef.name; type and
         metadata.annotations[kubernetes.io/service-account.name] of these Secrets; containers[*].securityContext
         .privileged, spec.hostPID, spec.volumes[*].hostPath; roles and bindings of the account and its groups
Allowed: Secrets without a ServiceAccount's token, and tokens of accounts that can do nothing of high severity, as
         service-account-risk has it. It sees what that sees only of accounts that list their Secrets, and has to read
         all Secrets for it, though none of their values: so it is off until it is asked for, and the service given that
Why:     whoever breaks into the pod can do what the account can, whichever account the pod itself runs as, and with a
         token that never expires.
Source:  Kubernetes documentation, "Managing Service Accounts": manual Secret management for ServiceAccounts
Maps:    CIS 5.1.6
"""

from gatewright.policy import Access, Pod, Secret, Severity, Store, Violation, Violations, policy

from ._account import account_of
from ._credentials import secrets_of
from ._risk import risk

TYPE = "kubernetes.io/service-account-token"
ACCOUNT = "kubernetes.io/service-account.name"


@policy(severity=Severity.HIGH, topic="service account")
def token_secret_risk(pod: Pod, access: Access, secrets: Store[Secret]) -> Violations:
    if not account_of(pod):
        return
    for one in secrets_of(pod):
        secret = secrets.get(pod.namespace, one.secret)
        account = secret.metadata.annotations.get(ACCOUNT) if secret and secret.type == TYPE else None
        if account and (found := risk(pod, access, pod.namespace or "default", account)) is not None:
            yield Violation(one.node, one.field, f"{one.by} a token of {found[1]}", severity=found[0])

"""No new Secret holds a ServiceAccount's token that never expires.

Fields:  type of a Secret that is created, and metadata.annotations[kubernetes.io/service-account.name] of one that is
         changed
Allowed: every type but kubernetes.io/service-account-token; a Secret of that type that stays with its account
Why:     the token is good until the Secret is removed, wherever it was copied to; one of the TokenRequest API lasts an
         hour, is bound to its pod, and is renewed by the kubelet.
Source:  Kubernetes, "Managing Service Accounts": manual Secret management; since 1.24 the cluster makes none by itself
Maps:    OWASP K08
"""

from gatewright.policy import Secret, Severity, V, Violation, Violations, policy, quote

ACCOUNT = "kubernetes.io/service-account.name"


@policy(severity=Severity.HIGH, since=V(1, 24))
def service_account_token_secret(secret: Secret, old: Secret | None) -> Violations:
    account = secret.metadata.annotations.get(ACCOUNT, "")
    if secret.type != "kubernetes.io/service-account-token":
        return
    if old is None or old.metadata.annotations.get(ACCOUNT, "") != account:
        message = f"the Secret asks for a token of ServiceAccount {quote(account)} that never expires"
        yield Violation(secret, "type", f"{message}; take one by kubectl create token, or mount a projected volume")

"""Secrets are mounted as files, not put into the environment.

Fields:  containers[*].env[*].valueFrom.secretKeyRef and containers[*].envFrom[*].secretRef, in every container list
Allowed: neither
Why:     a process hands its environment down to every program that it starts, and crash reports and debug pages show
         it; a mounted Secret is read by whom it is for, and follows when the Secret changes.
Source:  Kubernetes, "Good practices for Kubernetes Secrets"
Maps:    CIS 5.4.1; OWASP K08
"""

from gatewright.policy import Pod, Severity, Violation, Violations, policy, quote


@policy(severity=Severity.LOW)
def secret_env(pod: Pod) -> Violations:
    for container in pod.containers:
        for index, variable in enumerate(container.env):
            if (key := variable.value_from.secret_key_ref) is not None:
                taken = f"{container.label} takes env {quote(variable.name)} from Secret {quote(key.name)}"
                yield Violation(container, ("env", index, "valueFrom", "secretKeyRef"), f"{taken}; mount it as a file")
        for index, source in enumerate(container.env_from):
            if (secret := source.secret_ref) is not None:
                taken = f"{container.label} takes its environment from Secret {quote(secret.name)}"
                yield Violation(container, ("envFrom", index, "secretRef"), f"{taken}; mount it as files")

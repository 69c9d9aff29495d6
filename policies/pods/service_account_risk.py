"""Pods run as accounts that can do little harm.

Fields:  spec.serviceAccountName and the deprecated spec.serviceAccount; spec.automountServiceAccountToken, or that of
         the ServiceAccount where it is unset; spec.volumes[*].projected.sources[*].serviceAccountToken.audience and
         .podCertificate; containers[*].securityContext.privileged, spec.hostPID, spec.volumes[*].hostPath; roles and
         bindings of the account and its groups
Allowed: accounts that can do nothing of high severity, by what the policies of `rbac` say: everywhere, in a namespace,
         or as the strongest account of a namespace in which they can run code. A privileged pod, or one with hostPID or
         a hostPath, makes it a step worse. Without a token it is low. The mirror of a static pod has no account
Why:     whoever breaks into the pod can do what its account can.
Source:  Kubernetes documentation, "RBAC Good Practices", "Least privilege"
Maps:    CIS 5.1.6; NSA/CISA "Authentication and authorization"
"""

from gatewright.policy import (
    Access,
    Exposure,
    Pod,
    Reach,
    ServiceAccount,
    Severity,
    Store,
    Violation,
    Violations,
    policy,
    quote,
    service_account,
)

from ..rbac._catalogue import RISKS
from ._account import account_of
from ._token import is_for_the_api_server, is_mounted

RUNNING = frozenset({
    *("rbac-all", "rbac-bind", "rbac-constrained-impersonation", "rbac-ephemeral", "rbac-escalate", "rbac-exec"),
    *("rbac-impersonate", "rbac-pod-patch", "rbac-secret-mint", "rbac-token-request", "rbac-workload"),
    "rbac-write-all",
})  # fmt: skip
"""By which somebody runs code in a namespace, or becomes an account of it."""


@policy(severity=Severity.HIGH, topic="service account")
def service_account_risk(pod: Pod, access: Access, accounts: Store[ServiceAccount]) -> Violations:
    name, namespace = account_of(pod), pod.namespace or "default"
    reach = access.reach(service_account(namespace, name), RISKS, RUNNING) if name else None
    if reach is None:
        return
    is_near = _is_near_the_node(pod)
    severity = Severity(min(reach.severity + is_near, Severity.CRITICAL))
    if severity < Severity.HIGH:
        return
    has_token = is_mounted(pod, accounts, name) or _holds_one(pod)
    runs = "would run" if has_token else "would run, without a token,"
    near = ", from a pod that reaches its node" if is_near else ""
    told = f"this pod {runs} as {_plain(namespace, name)}, which can {_told(reach)}{near}"
    field = "serviceAccount" if pod.spec.service_account and not pod.spec.service_account_name else "serviceAccountName"
    yield Violation(pod.spec, field, told, severity=severity if has_token else Severity.LOW)


def _is_near_the_node(pod: Pod) -> bool:
    return (
        pod.spec.host_pid
        or any(container.security_context.privileged for container in pod.containers)
        or any(volume.host_path for volume in pod.spec.volumes)
    )


def _holds_one(pod: Pod) -> bool:
    """Whether a volume is a credential of the account."""
    sources = [source for volume in pod.spec.volumes if volume.projected for source in volume.projected.sources]
    return any(
        source.pod_certificate
        or (source.service_account_token and is_for_the_api_server(source.service_account_token.audience))
        for source in sources
    )


def _told(reach: Reach) -> str:
    own = _by(reach.exposure)
    if reach.through is None:
        return own
    account = _plain(reach.exposure.namespace or "", reach.through.name)
    return f"{own}, and so, as {account}, {_by(reach.through.exposure)}"


def _by(exposure: Exposure) -> str:
    """`read every Secret in every namespace (ClusterRoleBinding api-view)`."""
    binding = exposure.grant.binding
    return f"{exposure.lets} ({type(binding).__name__} {_plain(binding.namespace or '', binding.name)})"


def _plain(namespace: str, name: str) -> str:
    """A name, escaped as in quotes, but without them: those of most objects have nothing to escape."""
    return quote(f"{namespace}/{name}" if namespace else name)[1:-1]

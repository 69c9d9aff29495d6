"""What the policies on what a pod can do have in common: how bad an account is in it, and the words for that."""

from gatewright.policy import Access, Exposure, Pod, Reach, Severity, quote, service_account

from ..rbac._catalogue import RISKS

RUNNING = frozenset({
    *("rbac-all", "rbac-bind", "rbac-constrained-impersonation", "rbac-ephemeral", "rbac-escalate", "rbac-exec"),
    *("rbac-impersonate", "rbac-pod-patch", "rbac-secret-mint", "rbac-token-request", "rbac-workload"),
    "rbac-write-all",
})  # fmt: skip
"""By which somebody runs code in a namespace, or becomes an account of it."""

FROM_NEAR = ", from a pod that reaches its node"


def risk(pod: Pod, access: Access, namespace: str, account: str) -> tuple[Severity, str] | None:
    """How bad it is if the pod has a credential of an account, and who that is and what it can do, as the end of a
    sentence: `shop/api, which can …`. None where it is below high."""
    reach = access.reach(service_account(namespace, account), RISKS, RUNNING)
    if reach is None:
        return None
    is_near = is_near_the_node(pod)
    severity = Severity(min(reach.severity + is_near, Severity.CRITICAL))
    if severity < Severity.HIGH:
        return None
    return severity, f"{plain(namespace, account)}, which can {_told(reach)}{FROM_NEAR if is_near else ''}"


def is_near_the_node(pod: Pod) -> bool:
    """Whether whoever breaks into the pod is on its node soon."""
    for container in pod.containers:  # loops: every pod is asked, and any() of a generator takes twice as long
        if container.security_context.privileged:
            return True
    for volume in pod.spec.volumes:
        if volume.host_path is not None:
            return True
    return pod.spec.host_pid


def plain(namespace: str, name: str) -> str:
    """A name, escaped as in quotes, but without them: those of most objects have nothing to escape."""
    return quote(f"{namespace}/{name}" if namespace else name)[1:-1]


def _told(reach: Reach) -> str:
    own = _by(reach.exposure)
    if reach.through is None:
        return own
    account = plain(reach.exposure.namespace or "", reach.through.name)
    return f"{own}, and so, as {account}, {_by(reach.through.exposure)}"


def _by(exposure: Exposure) -> str:
    """`read every Secret in every namespace (ClusterRoleBinding api-view)`."""
    binding = exposure.grant.binding
    return f"{exposure.lets} ({type(binding).__name__} {plain(binding.namespace or '', binding.name)})"

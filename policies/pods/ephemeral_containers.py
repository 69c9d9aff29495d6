"""Debug containers are added by those alone who may.

Fields:  spec.ephemeralContainers[*] that are new, by their names, and their images; who asks
Allowed: users of `allowedUsers` and groups of `allowedGroups`, with an image of `allowedImages` where that is set;
         everybody, with any image, in a namespace of `allowedNamespaces`. In a file, nothing is said of who asks
Why:     a debug container stands in a running pod, with its network and, beside a target, its processes: whoever adds
         one sees what the pod sees, and nobody reviewed it. It has no exemption: each policy that looks at containers
         looks at ephemeral ones as well, in its own mode.
Source:  Kubernetes documentation, "Ephemeral Containers"; pods/ephemeralcontainers
"""

from gatewright.policy import Pod, Severity, User, Violation, Violations, policy, quote

from ._access import Reaching


@policy(severity=Severity.HIGH)
def ephemeral_containers(pod: Pod, params: Reaching, user: User | None, old: Pod | None) -> Violations:
    if params.is_open(pod.namespace):
        return
    known = {container.name for container in old.spec.ephemeral_containers} if old else set()
    for container in pod.spec.ephemeral_containers:
        if container.name in known:
            continue
        if user is not None and not params.allows(user):
            message = f"{container.label} debugs a running pod, which {quote(user.name)} may not do"
            yield Violation(container, "", message)
        if fault := params.fault(container):
            yield Violation(container, "image", f"{container.label} {fault}")

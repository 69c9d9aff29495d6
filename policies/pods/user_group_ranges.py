"""Users and groups are of configured ranges.

Fields:  spec.securityContext.{runAsUser,runAsGroup,fsGroup,supplementalGroups} and
         containers[*].securityContext.{runAsUser,runAsGroup}, in every container list
Allowed: an id of the ranges that are configured for its field. fsGroup and supplementalGroups can be unset; runAsUser
         and runAsGroup only where the pod sets them for the container. Of a field without ranges nothing is said.
         Windows pods, which cannot set them, are left out; so is what an image's /etc/group adds to
         supplementalGroups (supplementalGroupsPolicy: Strict keeps it out)
Why:     an id that another pod, or the node itself, has too can read and signal what belongs to that. What is not set,
         the image decides: often it is root.
Source:  Kubernetes documentation, "Configure a Security Context for a Pod or Container"
Maps:    CIS 5.2.7
"""

from collections.abc import Callable

from gatewright.policy import (
    REMOVE,
    Params,
    Pod,
    PodSecurityContext,
    Ranges,
    SecurityContext,
    Severity,
    Violation,
    Violations,
    policy,
)


class UserGroupRanges(Params):
    """The ids that may be used, by field, e.g. `runAsUser: ["1000-65535"]`."""

    run_as_user: Ranges | None = None
    run_as_group: Ranges | None = None
    fs_group: Ranges | None = None
    supplemental_groups: Ranges | None = None


@policy(severity=Severity.MEDIUM)
def user_group_ranges(pod: Pod, params: UserGroupRanges) -> Violations:
    if pod.is_windows:
        return
    yield from _inherited(pod, "runAsUser", lambda context: context.run_as_user, params.run_as_user)
    yield from _inherited(pod, "runAsGroup", lambda context: context.run_as_group, params.run_as_group)
    context = pod.spec.security_context
    if params.fs_group is not None and context.fs_group is not None and context.fs_group not in params.fs_group:
        message = f"the pod must not set securityContext.fsGroup to {_beyond(context.fs_group, params.fs_group)}"
        yield Violation(pod.spec, "securityContext.fsGroup", message)
    for index, group in enumerate(context.supplemental_groups):
        if params.supplemental_groups is not None and group not in params.supplemental_groups:
            said = _beyond(group, params.supplemental_groups)
            path = ("securityContext", "supplementalGroups", index)
            yield Violation(pod.spec, path, f"the pod must not be in the supplemental group {said}", fix=REMOVE)


def _inherited(
    pod: Pod, field: str, read: Callable[[PodSecurityContext | SecurityContext], int | None], allowed: Ranges | None
) -> Violations:
    """What the pod sets for all of its containers, and each of them for itself."""
    if allowed is None:
        return
    path, of_pod = f"securityContext.{field}", read(pod.spec.security_context)
    if of_pod is not None and of_pod not in allowed:
        yield Violation(pod.spec, path, f"the pod must not set {path} to {_beyond(of_pod, allowed)}")
    for container in pod.containers:
        own = read(container.security_context)
        if own is not None and own not in allowed:
            yield Violation(container, path, f"{container.label} must not set {path} to {_beyond(own, allowed)}")
        elif own is None and of_pod is None:
            said = f"must set {path}, which is left to the image: allowed is {allowed or 'none'}"
            yield Violation(container, path, f"{container.label} {said}")


def _beyond(number: int, allowed: Ranges) -> str:
    return f"{number}: allowed is {allowed or 'none'}"

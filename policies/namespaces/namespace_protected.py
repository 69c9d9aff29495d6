"""Namespaces of the cluster itself are changed by those who run it.

Fields:  an UPDATE or a DELETE of a Namespace, also by its subresources finalize and status, and who asks
Allowed: any namespace but kube-* and those of `namespaces`; these by `allowedUsers` and `allowedGroups`, which are
         system:masters and kubeadm:cluster-admins unless it is set: nothing holds those up, since they may delete this
         webhook, and somebody must be able to. What the cluster's own controllers do to finish a deletion is left out.
         The registration in deploy/base asks about deletions of kube-* alone: who protects more names adds them to its
         matchConditions
Why:     whoever relabels kube-system takes away what its labels enforce, and whoever deletes a namespace everything in
         it.
Source:  "Namespaces", initial namespaces; k8s.io/kubernetes, pkg/controller/namespace
Maps:    OWASP K03
"""

from gatewright.policy import (
    DELETE,
    UPDATE,
    Globs,
    Namespace,
    Params,
    Severity,
    User,
    Violation,
    Violations,
    policy,
    quote,
)

from ._shared import is_one_of

CONTROLLERS = Globs(
    [
        "system:serviceaccount:kube-system:namespace-controller",
        "system:serviceaccount:kube-system:generic-garbage-collector",
        "system:kube-controller-manager",
        "system:apiserver",
    ]
)
"""Who finishes what somebody else began: each as itself, or all as their manager."""


OWN = Globs(["kube-*"])
"""The cluster's own namespaces, which are protected in any case."""


class NamespaceProtected(Params):
    """`namespaces`: what is protected beside kube-*. `allowedUsers`, `allowedGroups`: who may change and delete it."""

    namespaces: Globs = Globs()
    allowed_users: Globs = Globs()
    allowed_groups: Globs = Globs(["system:masters", "kubeadm:cluster-admins"])


@policy(severity=Severity.HIGH, on={UPDATE, DELETE})
def namespace_protected(
    namespace: Namespace, params: NamespaceProtected, old: Namespace | None, user: User | None
) -> Violations:
    if not (OWN.match(namespace.name) or params.namespaces.match(namespace.name)):
        return
    if is_one_of(user, CONTROLLERS, Globs()):
        return
    if not is_one_of(user, params.allowed_users, params.allowed_groups):
        does = "delete" if old is None else "change"
        yield Violation(namespace.metadata, "name", f"namespace {quote(namespace.name)} is not for this user to {does}")

"""Pods have no priority that is not meant for them.

Fields:  spec.priorityClassName
Allowed: unset; a class in `allowed`, any where that is not configured; system-* only in a namespace of
         `allowedNamespaces`, where any other may be used as well. In a template, a class that there is: system-* or one
         of the cluster's, of which a file says nothing. Of a Pod, a name that it did not set is the cluster's default
Why:     pods of a higher priority evict others from their nodes: with system-node-critical anybody's push out what the
         cluster needs. And of a template with a class that there is not, the API server refuses every Pod.
Source:  Kubernetes documentation, "Pod Priority and Preemption"; plugin/pkg/admission/priority of v1.37
"""

from gatewright.policy import (
    REMOVE,
    Globs,
    Params,
    Pod,
    PriorityClass,
    Severity,
    Store,
    User,
    Violation,
    Violations,
    policy,
    quote,
)

SYSTEM = frozenset({"system-cluster-critical", "system-node-critical"})
"""The classes that every API server makes."""


class PriorityClasses(Params):
    """`allowed`: names of PriorityClasses, e.g. `[batch-*]`. `allowedNamespaces`: where any may be used."""

    allowed: Globs | None = None
    allowed_namespaces: Globs = Globs(("kube-system",))


@policy(severity=Severity.MEDIUM)
def priority_class(pod: Pod, params: PriorityClasses, user: User | None, classes: Store[PriorityClass]) -> Violations:
    name = pod.spec.priority_class_name
    if not name:
        return
    if not params.allowed_namespaces.match(pod.namespace or ""):
        said = f"the pod must not set priorityClassName to {quote(name)}"
        if name.startswith("system-"):
            message = f"{said}, which is for what the cluster itself needs"
            yield Violation(pod.spec, "priorityClassName", message, fix=REMOVE)
            return
        if params.allowed is not None and not params.allowed.match(name):
            allowed = ", ".join(quote(glob) for glob in params.allowed) or "none"
            yield Violation(pod.spec, "priorityClassName", f"{said}: allowed is {allowed}")
            return
    if pod.is_template and user is not None and name not in SYSTEM and classes.get(None, name) is None:
        message = f"there is no PriorityClass {quote(name)}: the API server would refuse every Pod of this template"
        yield Violation(pod.spec, "priorityClassName", message, severity=Severity.LOW)

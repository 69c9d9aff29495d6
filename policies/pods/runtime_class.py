"""Pods run only under allowed RuntimeClasses.

Fields:  spec.runtimeClassName
Allowed: a name in `allowed`, where "" is unset; anything where `allowed` is not configured, and in a namespace of
         `allowedNamespaces`
Why:     the class decides what is between a container and its node. Without one it is the node's default runtime, so
         that whoever requires a sandbox does not list "".
Source:  KEP-585
"""

from gatewright.policy import Globs, Params, Pod, Severity, Violation, Violations, policy, quote


class RuntimeClass(Params):
    """`allowed`: names of RuntimeClasses, e.g. `[gvisor]`, or `["", gvisor]` with unset. `allowedNamespaces`: where
    any may be used."""

    allowed: Globs | None = None
    allowed_namespaces: Globs = Globs()


@policy(severity=Severity.MEDIUM)
def runtime_class(pod: Pod, params: RuntimeClass) -> Violations:
    if params.allowed is None or params.allowed_namespaces.match(pod.namespace or ""):
        return
    name = pod.spec.runtime_class_name
    if not params.allowed.match(name):
        said = f"must not set runtimeClassName to {quote(name)}" if name else "must set runtimeClassName"
        allowed = ", ".join(quote(glob) for glob in params.allowed) or "none"
        yield Violation(pod.spec, "runtimeClassName", f"the pod {said}: allowed is {allowed}")

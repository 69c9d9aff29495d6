"""SELinux runs a container with one of the types made for containers, and with no user or role of its own.

Fields:  spec.securityContext.seLinuxOptions.{type,user,role} and
         containers[*].securityContext.seLinuxOptions.{type,user,role}, in every container list
Allowed: type unset, container_t, container_init_t, container_kvm_t, since 1.31 container_engine_t, or a type in
         `allowed`; user and role unset; level is free
Why:     another type, such as spc_t, frees the container from what SELinux keeps it from on its node.
Source:  KEP-2579; Pod Security Standards, baseline, "SELinux"; since 1.0, changed in 1.31
"""

from gatewright.policy import (
    REMOVE,
    Globs,
    KubernetesVersion,
    Level,
    Params,
    Pod,
    Severity,
    V,
    Violation,
    Violations,
    policy,
    quote,
)

from ._shared import NEVER, holders, label

TYPES = {
    "": V(1, 0),
    "container_t": V(1, 0),
    "container_init_t": V(1, 0),
    "container_kvm_t": V(1, 0),
    "container_engine_t": V(1, 31),
}
"""The types, and the version since which each is allowed."""

FIELD = "securityContext.seLinuxOptions"


class SELinuxOptions(Params):
    """`allowed`: types beside those made for containers, e.g. `[container_logreader_t]`."""

    allowed: Globs = Globs()


@policy(severity=Severity.MEDIUM, level=Level.BASELINE, reason="seLinuxOptions", alias="seLinuxOptions")
def se_linux_options(pod: Pod, params: SELinuxOptions, version: KubernetesVersion) -> Violations:
    for holder in holders(pod):
        options = holder.security_context.se_linux_options
        if options is None:
            continue
        if version < TYPES.get(options.type, NEVER) and not params.allowed.match(options.type):
            message = f"{label(holder)} must not set {FIELD}.type to {quote(options.type)}"
            yield Violation(holder, f"{FIELD}.type", message, fix=REMOVE)
        for name, value in (("user", options.user), ("role", options.role)):
            if value:
                yield Violation(holder, f"{FIELD}.{name}", f"{label(holder)} must not set {FIELD}.{name}", fix=REMOVE)

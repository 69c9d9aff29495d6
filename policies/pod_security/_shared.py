"""What several pod-security checks have in common: who holds a security context, and the rules of two levels."""

from gatewright.policy import REMOVE, Container, Globs, Pod, PodSpec, Set, Severity, V, Violation, Violations, quote

NEVER = V(2, 0)
"""Later than every version: what `SINCE.get(name, NEVER)` is for a name that no version allows."""

PROFILES = frozenset({"RuntimeDefault", "Localhost"})
"""The types of a seccomp or AppArmor profile that confine."""

CAPABILITIES = frozenset(
    {
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    }
)
"""The capabilities that baseline allows to add: the default ones of a runtime, without NET_RAW."""


def holders(pod: Pod) -> tuple[PodSpec | Container, ...]:
    """Whatever has a securityContext: the pod itself, then every container."""
    return (pod.spec, *pod.containers)


def label(holder: PodSpec | Container) -> str:
    """How a message about one of the `holders` begins."""
    return holder.label if isinstance(holder, Container) else "the pod"


def annotated(value: str, allowed: Globs) -> bool:
    """Whether an annotation, which was the field before there was one, names a profile of an allowed type."""
    confined = value == "runtime/default" or value.startswith("localhost/")
    return confined or (value == "unconfined" and allowed.match("Unconfined"))


def added_capabilities(pod: Pod, names: frozenset[str], allowed: Globs) -> Violations:
    """The capabilities that a container adds beyond `names` and `allowed`."""
    for container in pod.containers:
        for index, name in enumerate(container.security_context.capabilities.add):
            if name not in names and not allowed.match(name):
                yield Violation(
                    container,
                    ("securityContext", "capabilities", "add", index),
                    f"{container.label} adds capability {quote(name)}",
                    severity=Severity.MEDIUM if name in CAPABILITIES else Severity.HIGH,
                    fix=REMOVE,
                )


def unmasked_proc(pod: Pod) -> Violations:
    """The containers that see /proc otherwise than a runtime masks it."""
    for container in pod.containers:
        mount = container.security_context.proc_mount
        if mount is not None and mount != "Default":
            message = f"{container.label} must not set securityContext.procMount to {quote(mount)}"
            yield Violation(container, "securityContext.procMount", message, fix=Set("Default"))


def unconfined_seccomp(pod: Pod, allowed: Globs) -> Violations:
    """Whoever sets a seccompProfile of a type that does not confine."""
    for holder in holders(pod):
        profile = holder.security_context.seccomp_profile
        if profile and profile.type not in PROFILES and not allowed.match(profile.type):
            message = f"{label(holder)} must not set securityContext.seccompProfile.type to {quote(profile.type)}"
            yield Violation(holder, "securityContext.seccompProfile.type", message, fix=Set("RuntimeDefault"))

"""Containers add no capability beyond a runtime's default ones, and not NET_RAW.

Fields:  containers[*].securityContext.capabilities.add, in every container list
Allowed: unset, AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD, NET_BIND_SERVICE, SETFCAP, SETGID,
         SETPCAP, SETUID, SYS_CHROOT, or a name in `allowed`; exactly so: neither CAP_CHOWN nor chown
Why:     the others reach the node: SYS_ADMIN mounts its disks, NET_RAW forges packets, BPF reads its kernel.
Source:  KEP-2579; Pod Security Standards, baseline, "Capabilities"; since 1.0
"""

from gatewright.policy import Globs, Level, Params, Pod, Severity, Violations, policy

from ._shared import CAPABILITIES, added_capabilities


class CapabilitiesBaseline(Params):
    """`allowed`: capabilities that may be added beside the default ones, e.g. `[SYS_PTRACE]`."""

    allowed: Globs = Globs()


@policy(severity=Severity.HIGH, level=Level.BASELINE, reason="non-default capabilities", alias="capabilities_baseline")
def capabilities_baseline(pod: Pod, params: CapabilitiesBaseline) -> Violations:
    yield from added_capabilities(pod, CAPABILITIES, params.allowed)

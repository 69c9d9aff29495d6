"""Windows pods do not run as processes of their node.

Fields:  spec.securityContext.windowsOptions.hostProcess and
         containers[*].securityContext.windowsOptions.hostProcess, in every container list
Allowed: unset or false
Why:     a HostProcess container is what a privileged one is on Linux: administrator of its node.
Source:  KEP-2579; Pod Security Standards, baseline, "HostProcess"; since 1.0
"""

from gatewright.policy import Level, Pod, Set, Severity, Violation, Violations, policy

from ._shared import holders, label


@policy(severity=Severity.HIGH, level=Level.BASELINE, reason="hostProcess", alias="windowsHostProcess")
def windows_host_process(pod: Pod) -> Violations:
    for holder in holders(pod):
        if holder.security_context.windows_options.host_process:
            message = f"{label(holder)} must not set securityContext.windowsOptions.hostProcess to true"
            yield Violation(holder, "securityContext.windowsOptions.hostProcess", message, fix=Set(False))

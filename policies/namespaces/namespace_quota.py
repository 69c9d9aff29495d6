"""A namespace with workloads has a quota.

Fields:  the ResourceQuotas of the namespace that a workload is in, and with `limitRange` its LimitRanges
Allowed: one or more, whatever they say. A file that names no namespace is in none
Why:     without a quota one workload, by mistake or on purpose, takes what all others of the cluster run on. Without a
         LimitRange a container that asks for nothing is given nothing, and may take everything.
Source:  core/v1 ResourceQuota, LimitRange
Maps:    NSA/CISA "Network separation and hardening", resource policies
"""

from gatewright.policy import LimitRange, Params, Pod, ResourceQuota, Severity, Store, Violation, Violations, policy

from ._shared import option, place


class NamespaceQuota(Params):
    """`limitRange`: whether there must be a LimitRange as well."""

    limit_range: bool = False


@policy(severity=Severity.LOW, topic="namespace")
def namespace_quota(
    pod: Pod, params: NamespaceQuota, quotas: Store[ResourceQuota], limit_ranges: Store[LimitRange]
) -> Violations:
    if pod.namespace is None:
        return
    if not quotas.within(pod.namespace):
        command = f"kubectl create quota default --hard=pods=50{option(pod.namespace)}"
        yield Violation(place(pod), "namespace", f"no ResourceQuota of its namespace is known: {command}")
    if params.limit_range and not limit_ranges.within(pod.namespace):
        spec = "spec: {limits: [{type: Container, default: {memory: 256Mi}}]}"
        yield Violation(place(pod), "namespace", f"no LimitRange of its namespace is known; one has {spec}")

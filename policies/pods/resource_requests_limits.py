"""Containers say how much cpu and memory they need, and how much memory they may use.

Fields:  containers[*].resources and initContainers[*].resources, limits and requests; spec.resources; of the
         LimitRanges of the namespace spec.limits[*].{type,default,defaultRequest,max,min}
Allowed: containers that have what `require` asks for, within the bounds that are configured. What has a bound that
         nothing would be beyond (maxLimits, minRequests, maxRatio) is required with it. As the API server does it, a
         request that is unset is the limit, then come the namespace's defaults, then, for cpu and memory since 1.34,
         what the pod has for all of its containers. A quantity of 0 is none. A Pod that arrives has its defaults
         already. Ephemeral containers can have no resources
Why:     what is not reserved is not there when it is needed, and a container without a limit takes the memory of its
         whole node, which then kills others.
Source:  Kubernetes documentation, "Resource Management for Pods and Containers", "Limit Ranges"; KEP-2837
Maps:    NSA/CISA "Network separation and hardening"
"""

from collections.abc import Iterator
from fractions import Fraction

from gatewright.policy import (
    Container,
    KubernetesVersion,
    LimitRange,
    Params,
    Pod,
    Resources,
    Severity,
    Store,
    User,
    V,
    Violation,
    Violations,
    parse_quantity,
    policy,
    quote,
)

from ._amounts import Amounts, Requirement
from ._resources import defaults_of, resources_of


class ResourceRequestsLimits(Params):
    """`require`: what every container has, e.g. `[requests.cpu, limits.memory]`. `maxLimits`, `minLimits`,
    `maxRequests`, `minRequests`: bounds, e.g. `{cpu: "4", memory: 8Gi}`. `maxRatio`: how many times its request a limit
    may be, e.g. `{memory: 2}`."""

    require: list[Requirement] = ["requests.cpu", "requests.memory", "limits.memory"]
    max_limits: Amounts = {}
    min_limits: Amounts = {}
    max_requests: Amounts = {}
    min_requests: Amounts = {}
    max_ratio: Amounts = {}

    def required(self) -> Iterator[tuple[str, str]]:
        """What may not be missing: `limits` or `requests`, and the resource."""
        for text in self.require:
            kind, _, resource = text.partition(".")
            yield kind, resource
        yield from (("limits", resource) for resource in self.max_limits | self.max_ratio)
        yield from (("requests", resource) for resource in self.min_requests | self.max_ratio)

    def others(self) -> Iterator[tuple[str, str]]:
        """What is judged where it is there."""
        yield from (("limits", resource) for resource in self.min_limits)
        yield from (("requests", resource) for resource in self.max_requests)


@policy(severity=Severity.MEDIUM)
def resource_requests_limits(
    pod: Pod,
    params: ResourceRequestsLimits,
    version: KubernetesVersion,
    user: User | None,
    limit_ranges: Store[LimitRange],
) -> Violations:
    has_arrived = user is not None and not pod.is_template  # with its defaults; what was injected later gets none
    ranges = limit_ranges.within(pod.namespace) if pod.namespace and not has_arrived else ()
    defaults, spec = defaults_of(ranges), pod.spec if version >= V(1, 34) else None
    for container in pod.scheduled_containers:
        yield from _judged(container, resources_of(container, defaults, spec), params)


def _judged(container: Container, resources: Resources, params: ResourceRequestsLimits) -> Violations:
    written = {"limits": resources.limits, "requests": resources.requests}
    has: dict[tuple[str, str], Fraction] = {}
    required = dict.fromkeys(params.required())
    for kind, resource in required | dict.fromkeys(params.others()):
        quantity = written[kind].get(resource) or 0  # null is 0, as the API server reads it
        try:
            amount = parse_quantity(quantity)
        except ValueError as error:
            message = f"has the {resource} {kind[:-1]} {quote(quantity)}, which {error}"
            yield _violation(container, kind, resource, message)
            continue
        if amount > 0:
            has[kind, resource] = amount
        elif (kind, resource) in required:
            yield _violation(container, kind, resource, f"has no {resource} {kind[:-1]}")
    for (kind, resource), amount in has.items():
        for fault in _beyond(kind, resource, amount, has.get(("requests", resource)), params):
            verb = "may use" if kind == "limits" else "reserves"
            yield _violation(container, kind, resource, f"{verb} {written[kind][resource]} of {resource}, {fault}")


def _beyond(
    kind: str, resource: str, amount: Fraction, request: Fraction | None, params: ResourceRequestsLimits
) -> Iterator[str]:
    """What is wrong with a quantity, as the end of a sentence."""
    is_limit = kind == "limits"
    most = (params.max_limits if is_limit else params.max_requests).get(resource)
    least = (params.min_limits if is_limit else params.min_requests).get(resource)
    ratio = params.max_ratio.get(resource)
    if most is not None and amount > parse_quantity(most):
        yield f"more than {most}"
    if least is not None and amount < parse_quantity(least):
        yield f"less than {least}"
    if is_limit and ratio is not None and request is not None and amount > parse_quantity(ratio) * request:
        yield f"more than {ratio} times its request"


def _violation(container: Container, kind: str, resource: str, message: str) -> Violation:
    return Violation(container, ("resources", kind, resource), f"{container.label} {message}")

"""What a container may use and what is reserved for it, as the API server will have it."""

from collections.abc import Iterable

from gatewright.policy import Container, LimitRange, PodSpec, Quantities, Resources


def defaults_of(limit_ranges: Iterable[LimitRange]) -> Resources:
    """What the LimitRanges of a namespace give a container that says nothing: of several, the first by name.

    Source: SetDefaults_LimitRangeItem and plugin/pkg/admission/limitranger of Kubernetes v1.37.
    """
    limits: Quantities = {}
    requests: Quantities = {}
    for limit_range in limit_ranges:
        of_limits: Quantities = {}
        of_requests: Quantities = {}
        for item in limit_range.spec.limits:
            if item.type == "Container":
                of_limits |= item.max | item.default
                of_requests |= item.min | item.max | item.default | item.default_request
        limits, requests = of_limits | limits, of_requests | requests
    return Resources(limits=limits, requests=requests)


def resources_of(container: Container, defaults: Resources, spec: PodSpec | None) -> Resources:
    """What holds for a container: what it says itself, its limits where it has no requests, then the defaults, and last
    what the pod has for all of them together.

    Source: SetDefaults_Pod, plugin/pkg/admission/limitranger and defaultPodRequests of Kubernetes v1.37.

    Args:
        container: an init or a regular one.
        defaults: of its namespace.
        spec: of its pod; None where the version has no resources of pods.
    """
    own, shared = container.resources, _shared(spec) if spec else Resources()
    limits = shared.limits | defaults.limits | own.limits
    requests = shared.requests | defaults.requests | own.limits | own.requests
    return Resources(limits=limits, requests=requests)


def _shared(spec: PodSpec) -> Resources:
    limits = _of_pods(spec.resources.limits)
    return Resources(limits=limits, requests=limits | _of_pods(spec.resources.requests))


def _of_pods(quantities: Quantities) -> Quantities:
    """What of it counts for a pod: IsSupportedPodLevelResource of k8s.io/component-helpers."""
    return {
        resource: quantity
        for resource, quantity in quantities.items()
        if resource in {"cpu", "memory"} or resource.startswith("hugepages-")
    }

"""APIs whose sources upstream has removed too, while manifests still name them.

Kept by hand. When each was removed is told by the Deprecated API Migration Guide (kubernetes.io/docs),
when it was deprecated by the warnings of the API servers that still had it.
"""

REMOVED: dict[str, dict[str, tuple[int, int, str]]] = {
    "autoscaling/v2beta1": {
        "HorizontalPodAutoscaler": (22, 25, "autoscaling/v2beta2"),
    },
    "autoscaling/v2beta2": {
        "HorizontalPodAutoscaler": (23, 26, "autoscaling/v2"),
    },
    "extensions/v1beta1": {
        "PodSecurityPolicy": (0, 16, "policy/v1beta1"),  # deprecated before API servers warned
    },
    "policy/v1beta1": {
        "PodSecurityPolicy": (21, 25, ""),
    },
}
"""As LIFECYCLE has it; 0 also where upstream does not tell."""

"""What the policies on a pod's ServiceAccount have in common: which one that is."""

from gatewright.policy import Pod

MIRROR = "kubernetes.io/config.mirror"
"""The annotation of the Pod that stands for a static one. The API server lets it have no account and no token."""


def account_of(pod: Pod) -> str:
    """The name of the account that the pod runs as; empty where it is a mirror, which has none.

    Source: plugin/pkg/admission/serviceaccount and pkg/apis/core/v1/conversion.go of Kubernetes v1.37: without a name
    it is `default`, and of the two fields the deprecated one is read where the other is empty.
    """
    if not pod.is_template and MIRROR in pod.metadata.annotations:
        return ""
    return pod.spec.service_account_name or pod.spec.service_account or "default"

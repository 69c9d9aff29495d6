"""What the policies on a pod's ServiceAccount have in common: whether the pod holds a token of it."""

from gatewright.policy import Pod, ServiceAccount, Store

AUDIENCES = ("https://kubernetes.default", "https://container.googleapis.com/")
"""How the audiences of API servers begin: of kubeadm and most others, whatever the cluster's domain, and of GKE."""

NAMED_AUDIENCES = frozenset({"", "k3s", "rke2"})
"""The other audiences of API servers; an empty one is whatever the API server's is."""


def is_mounted(pod: Pod, accounts: Store[ServiceAccount], name: str) -> bool:
    """Whether the API server mounts a token: the pod's word counts, then its account's, then it does."""
    said = pod.spec.automount_service_account_token
    account = accounts.get(pod.namespace, name) if said is None else None
    return (account.automount_service_account_token if account else said) is not False


def is_for_the_api_server(audience: str) -> bool:
    """Whether a token of an audience is one for the API server."""
    return audience in NAMED_AUDIENCES or audience.startswith(AUDIENCES)

"""The roles and bindings that kubeadm makes, as app/phases and app/constants of k8s.io/kubernetes/cmd/kubeadm 1.37.2
have them: bootstraptoken, copycerts, kubeconfig, kubelet, uploadconfig and the addons.

`init` also makes what only some clusters have: without kube-proxy, CoreDNS or an upload of certificates theirs lack.
"""

from gatewright.model.meta import Metadata
from gatewright.model.rbac import ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, RoleRef, Subject

_GROUP = "rbac.authorization.k8s.io"
_SYSTEM, _PUBLIC = "kube-system", "kube-public"


def _subject(kind: str, name: str) -> Subject:
    return Subject(_GROUP, kind, name)


def _account(name: str) -> Subject:
    return Subject("", "ServiceAccount", name, _SYSTEM)


def _bound(name: str, role: str, *subjects: Subject) -> ClusterRoleBinding:
    return ClusterRoleBinding(Metadata(name=name), RoleRef(_GROUP, "ClusterRole", role), subjects)


def _reading(namespace: str, name: str, kind: str, item: str, *subjects: Subject) -> tuple[Role, RoleBinding]:
    """A Role to get one object, and the RoleBinding of the same name."""
    metadata = Metadata(name=name, namespace=namespace)
    rule = PolicyRule(("get",), ("",), (kind,), (item,))
    return Role(metadata, (rule,)), RoleBinding(metadata, RoleRef(_GROUP, "Role", name), subjects)


_ADMINS = "kubeadm:cluster-admins"
_ANONYMOUS = _subject("User", "system:anonymous")
_CLIENT = _subject("User", "kube-apiserver-kubelet-client")
_NODES = _subject("Group", "system:nodes")
_TOKENS = _subject("Group", "system:bootstrappers:kubeadm:default-node-token")
_APPROVED = "system:certificates.k8s.io:certificatesigningrequests"
_WATCHED = ("list", "watch")

KUBEADM: tuple[Role | ClusterRole | RoleBinding | ClusterRoleBinding, ...] = (
    ClusterRole(Metadata(name="kubeadm:get-nodes"), (PolicyRule(("get",), ("",), ("nodes",)),)),
    ClusterRole(
        Metadata(name="system:coredns"),
        (
            PolicyRule(_WATCHED, ("",), ("endpoints", "services", "pods", "namespaces")),
            PolicyRule(_WATCHED, ("discovery.k8s.io",), ("endpointslices",)),
        ),
    ),
    _bound(_ADMINS, "cluster-admin", _subject("Group", _ADMINS)),
    _bound("kubeadm:apiserver-kubelet-client", "system:kubelet-api-admin", _CLIENT),
    _bound("kubeadm:get-nodes", "kubeadm:get-nodes", _TOKENS),
    _bound("kubeadm:kubelet-bootstrap", "system:node-bootstrapper", _TOKENS),
    _bound("kubeadm:node-autoapprove-bootstrap", f"{_APPROVED}:nodeclient", _TOKENS),
    _bound("kubeadm:node-autoapprove-certificate-rotation", f"{_APPROVED}:selfnodeclient", _NODES),
    _bound("kubeadm:node-proxier", "system:node-proxier", _account("kube-proxy")),
    _bound("system:coredns", "system:coredns", _account("coredns")),
    *_reading(_PUBLIC, "kubeadm:bootstrap-signer-clusterinfo", "configmaps", "cluster-info", _ANONYMOUS),
    *_reading(_SYSTEM, "kube-proxy", "configmaps", "kube-proxy", _TOKENS),
    *_reading(_SYSTEM, "kubeadm:kubeadm-certs", "secrets", "kubeadm-certs", _TOKENS),
    *_reading(_SYSTEM, "kubeadm:kubelet-config", "configmaps", "kubelet-config", _NODES, _TOKENS),
    *_reading(_SYSTEM, "kubeadm:nodes-kubeadm-config", "configmaps", "kubeadm-config", _TOKENS, _NODES),
)

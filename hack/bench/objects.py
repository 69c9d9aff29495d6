"""What a large cluster holds: namespaces with a NetworkPolicy each, roles and bindings, as an API server takes them."""

from typing import Any

from bench.reviews import NAMESPACE

Object = dict[str, Any]

RBAC = "rbac.authorization.k8s.io"
PATHS = {
    "Namespace": "/api/v1/namespaces",
    "ServiceAccount": "/api/v1/namespaces/{}/serviceaccounts",
    "ConfigMap": "/api/v1/namespaces/{}/configmaps",
    "NetworkPolicy": "/apis/networking.k8s.io/v1/namespaces/{}/networkpolicies",
    "Role": f"/apis/{RBAC}/v1/namespaces/{{}}/roles",
    "ClusterRole": f"/apis/{RBAC}/v1/clusterroles",
    "RoleBinding": f"/apis/{RBAC}/v1/namespaces/{{}}/rolebindings",
    "ClusterRoleBinding": f"/apis/{RBAC}/v1/clusterrolebindings",
}

EVERY, SELDOM = 10, 100
"""Every so manieth role is a ClusterRole; every so manieth is one that an account is bound to everywhere."""


def path_of(item: Object) -> str:
    """Where an object is created."""
    return PATHS[item["kind"]].format(item["metadata"].get("namespace", ""))


def namespace(number: int) -> Object:
    """A namespace; the first is the one of the reviews."""
    labels = {"pod-security.kubernetes.io/enforce": "baseline", "team": f"team-{number % 100}"}
    metadata = {"name": name_of(number), "labels": labels, "annotations": {"example.com/owner": f"team-{number % 100}"}}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def name_of(number: int) -> str:
    """What a namespace is called."""
    return f"team-{number}" if number else NAMESPACE


def network_policy(number: int) -> Object:
    """The one of a namespace: nothing but its own pods and the name service."""
    dns = {"to": [{"namespaceSelector": {}}], "ports": [{"port": 53, "protocol": "UDP"}]}
    own: Object = {"podSelector": {}}
    spec = {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [{"from": [own]}],
        "egress": [{"to": [own]}, dns],
    }
    metadata = {"name": "default-deny", "namespace": name_of(number), "labels": {"app": "platform"}}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def account(number: int) -> Object:
    """The ServiceAccount that the pods of a namespace run as."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "web", "namespace": name_of(number)},
    }


def role(number: int) -> Object:
    """A role: a namespace's or, every tenth, one of the cluster."""
    rules = [
        {"apiGroups": [""], "resources": ["pods", "pods/log", "services", "configmaps"], "verbs": ["get", "list"]},
        {"apiGroups": ["apps"], "resources": ["deployments", "replicasets"], "verbs": ["get", "list", "watch"]},
    ]
    if reads_secrets(number):
        rules.append({"apiGroups": [""], "resources": ["secrets", "pods/exec"], "verbs": ["get", "create"]})
    kind, metadata = _role_of(number)
    if kind == "ClusterRole" and number % SELDOM == EVERY:
        metadata["labels"] = {f"{RBAC}/aggregate-to-view": "true"}
    return {"apiVersion": f"{RBAC}/v1", "kind": kind, "metadata": metadata, "rules": rules}


def reads_secrets(number: int) -> bool:
    """Whether a role gives something dangerous."""
    return number % EVERY == 1 or is_everywhere(number)


def is_everywhere(number: int) -> bool:
    """Whether a role's account has it everywhere."""
    return number % SELDOM == 0


def bindings(number: int) -> list[Object]:
    """The two bindings of a role: to the account of a namespace, and to a user with a group."""
    kind, metadata = _role_of(number)
    within = name_of(number)
    people = [{"apiGroup": RBAC, "kind": "User", "name": f"user-{number}@example.com"}]
    people.append({"apiGroup": RBAC, "kind": "Group", "name": f"team-{number % 100}"})
    subjects: list[list[Object]] = [[{"kind": "ServiceAccount", "name": "web", "namespace": within}], people]
    found: list[Object] = []
    for which, each in zip(("account", "people"), subjects, strict=True):
        is_whole = is_everywhere(number) and which == "account"
        named = {"name": f"{metadata['name']}-{which}"} | ({} if is_whole else {"namespace": within})
        found.append({
            "apiVersion": f"{RBAC}/v1",
            "kind": "ClusterRoleBinding" if is_whole else "RoleBinding",
            "metadata": named,
            "roleRef": {"apiGroup": RBAC, "kind": kind, "name": metadata["name"]},
            "subjects": each,
        })  # fmt: skip
    return found


def _role_of(number: int) -> tuple[str, Object]:
    if number % EVERY == 0:
        return "ClusterRole", {"name": f"reader-{number}"}
    return "Role", {"name": f"reader-{number}", "namespace": name_of(number)}

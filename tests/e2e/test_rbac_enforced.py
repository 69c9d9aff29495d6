"""Roles and bindings on a real API server under the profile default: what it denies and in which words, and what of
ordinary software it only warns of."""

import json
from collections.abc import Iterator

import pytest
import yaml
from controlplane import ControlPlane

from tests.builders import Object
from tests.e2e.cluster import Cluster, Said, serving
from tests.ordinary.judged import HERE

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket]

GROUP = "rbac.authorization.k8s.io"
CERTIFICATES = "certificates.k8s.io"
OF_THE_PLANE = ("control-plane:editor", "control-plane:viewer")
"""The bindings of the users that a test's control plane has besides: an empty cluster has nobody who edits it all."""

ORDINARY: dict[str, set[str]] = {
    "delivery": {
        "rbac-all", "rbac-apiservice", "rbac-controller-proxy", "rbac-crd", "rbac-node-write", "rbac-read-all",
        "rbac-secret-mint", "rbac-secret-read", "rbac-webhook-config", "rbac-write-all",
    },
    "ingress": {"rbac-secret-mint", "rbac-secret-read", "rbac-webhook-config"},
    "certificates": {
        "rbac-apiservice", "rbac-crd", "rbac-secret-mint", "rbac-secret-read", "rbac-token-request",
        "rbac-webhook-config", "rbac-workload",
    },
    "monitoring": {"rbac-secret-mint", "rbac-secret-read", "rbac-system-config", "rbac-workload"},
    "sync": {
        "rbac-aggregation", "rbac-all", "rbac-controller-proxy", "rbac-secret-read", "rbac-system-config",
        "rbac-token-request",
    },
    "backup": {"rbac-all", "rbac-crd"},
}  # fmt: skip
"""What is warned of when the roles of argo-cd, ingress-nginx, cert-manager, kube-prometheus, flux and velero come."""

JANE = {"kind": "User", "apiGroup": GROUP, "name": "jane"}
EVERYBODY = {"kind": "Group", "apiGroup": GROUP, "name": "system:authenticated"}
AGENT = {"kind": "ServiceAccount", "name": "agent", "namespace": "kube-system"}
SECRETS = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list"]}
ESCALATE = {"apiGroups": [GROUP], "resources": ["clusterroles"], "verbs": ["escalate", "update"]}
BIND = [
    {"apiGroups": [GROUP], "resources": ["clusterroles"], "verbs": ["bind"]},
    {"apiGroups": [GROUP], "resources": ["clusterrolebindings", "rolebindings"], "verbs": ["create"]},
]
IMPERSONATE = {"apiGroups": [""], "resources": ["users", "groups", "serviceaccounts"], "verbs": ["impersonate"]}
APPROVE = [
    {"apiGroups": [CERTIFICATES], "resources": ["certificatesigningrequests"], "verbs": ["create"]},
    {"apiGroups": [CERTIFICATES], "resources": ["certificatesigningrequests/approval"], "verbs": ["update"]},
    {
        "apiGroups": [CERTIFICATES],
        "resources": ["signers"],
        "resourceNames": ["kubernetes.io/kube-apiserver-client"],
        "verbs": ["approve"],
    },
]
ROLES: dict[str, list[Object]] = {
    "escalator": [ESCALATE], "binder": BIND, "actor": [IMPERSONATE], "approver": APPROVE, "reader": [SECRETS],
}  # fmt: skip
"""ClusterRoles that are there: nobody has them, so none is denied."""


@pytest.fixture(name="cluster", scope="module")
def _cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with (
        ControlPlane(disable=["PodSecurity"]) as plane,
        serving(plane, "overlays/enforce", tmp_path_factory.mktemp("rbac")) as cluster,
    ):
        plane.kubectl("delete", "clusterrolebinding", *OF_THE_PLANE, check=True)
        for name in ("shop", "team"):
            cluster.namespace(name)
        told = cluster.create(*(role(name, rules) for name, rules in ROLES.items()))
        assert (told.code, told.err.count("Warning: "), told.err.count("\n")) == (0, len(ROLES), len(ROLES)), told
        yield cluster


def role(name: str, rules: list[Object], **labels: str) -> Object:
    metadata = {"name": name, "labels": {f"{GROUP}/{key.replace('_', '-')}": label for key, label in labels.items()}}
    return {"apiVersion": f"{GROUP}/v1", "kind": "ClusterRole", "metadata": metadata, "rules": rules}


def binding(given: str, subject: Object, namespace: str = "") -> Object:
    """A binding to a ClusterRole: in a namespace, or everywhere."""
    metadata = {"name": given, **({"namespace": namespace} if namespace else {})}
    reference = {"apiGroup": GROUP, "kind": "ClusterRole", "name": given}
    kind = "RoleBinding" if namespace else "ClusterRoleBinding"
    whole = {"apiVersion": f"{GROUP}/v1", "kind": kind, "metadata": metadata}
    return whole | {"roleRef": reference, "subjects": [subject]}


def denied(what: str, policy: str, severity: str, message: str, at: str = "roleRef.name", *warnings: str) -> Said:
    """What kubectl says of one violation."""
    webhook = 'admission webhook "access.gatewright.dev" denied the request'
    counts = f"1 violation{f', {len(warnings)} warning' if warnings else ''}"
    warned = "".join(f"Warning: {one}\n" for one in warnings)
    return Said(
        1,
        "",
        warned
        + f'Error from server (Forbidden): error when creating "STDIN": {webhook}: {what}: {counts} [decision ID]\n'
        f" 1. {policy} ({severity}): {message}\n    at {at}\n"
        f"Why, and what is allowed: gatewright policies {policy}\n",
    )


READ_BY_NAME = "instead, name the Secrets that are needed in resourceNames, with the verb get alone"
NO_ESCALATE = 'instead, drop the verb "escalate": whoever writes roles then writes only what they have themselves'
NAME_ROLES = "instead, name the roles that they may bind in resourceNames"
NAME_ACCOUNTS = "instead, name the ServiceAccounts in resourceNames"
SIGNERS = "instead, name the signers that are theirs in resourceNames of the verb approve"
OF_KUBE_SYSTEM = "the control plane is in kube-system"


def test_escalate_is_denied_where_it_gives_something(cluster: Cluster) -> None:
    words = "they can write into a ClusterRole what they do not have"
    lets = 'rules[0] of ClusterRole "escalator" lets User "jane" give themselves any permission in every namespace'
    message = f"{lets}: {words}; {NO_ESCALATE}"
    told = cluster.create(binding("escalator", JANE))
    assert told == denied("ClusterRoleBinding escalator", "rbac-escalate", "critical", message)
    nothing = Said(0, "rolebinding.rbac.authorization.k8s.io/escalator created\n", "")
    assert cluster.create(binding("escalator", JANE, "kube-system")) == nothing


def test_bind_is_denied_in_the_namespace_of_the_control_plane_too(cluster: Cluster) -> None:
    def message(where: str) -> str:
        lets = 'rules[0] of ClusterRole "binder" lets User "jane" give any ClusterRole to themselves'
        return f"{lets} in {where}; {NAME_ROLES}"

    everywhere = denied("ClusterRoleBinding binder", "rbac-bind", "critical", message("every namespace"))
    assert cluster.create(binding("binder", JANE)) == everywhere
    there = denied("RoleBinding kube-system/binder", "rbac-bind", "high", message("namespace kube-system"))
    assert cluster.create(binding("binder", JANE, "kube-system")) == there


def test_impersonation_is_denied(cluster: Cluster) -> None:
    lets = 'rules[0] of ClusterRole "actor" lets ServiceAccount kube-system/agent become'
    instead = "instead, name harmless groups in resourceNames"
    group = f"a member of any group, of system:masters too, which may do everything; {instead}"
    everywhere = denied("ClusterRoleBinding actor", "rbac-impersonate", "critical", f"{lets} {group}")
    assert cluster.create(binding("actor", AGENT)) == everywhere
    account = f"any ServiceAccount in namespace kube-system; {OF_KUBE_SYSTEM}; {NAME_ACCOUNTS}"
    there = denied("RoleBinding kube-system/actor", "rbac-impersonate", "critical", f"{lets} {account}")
    assert cluster.create(binding("actor", AGENT, "kube-system")) == there


def test_approval_of_certificates_is_denied(cluster: Cluster) -> None:
    words = "become any user, in any group but system:masters, by a certificate that they approve themselves"
    message = f'rules[0] of ClusterRole "approver" lets User "jane" {words}; {SIGNERS}'
    told = cluster.create(binding("approver", JANE))
    assert told == denied("ClusterRoleBinding approver", "rbac-csr-approve", "critical", message)


def test_a_label_that_gives_rules_to_others_is_denied(cluster: Cluster) -> None:
    """Once somebody holds the role everywhere: jane, who may view, could read Secrets by it."""
    viewer = binding("view", JANE)
    assert cluster.create(viewer) == Said(0, "clusterrolebinding.rbac.authorization.k8s.io/view created\n", "")
    message = (
        'the labels add ClusterRole "injected" to "view", whose holders can then read every Secret in every namespace; '
        "instead, drop the label, and bind the role to those who need it"
    )
    read = (
        'rules[0] of ClusterRole "injected" lets its holders read every Secret in every namespace; held by User "jane"'
    )
    warning = f"rbac-secret-read: {read}; {READ_BY_NAME} (at rules[0])"
    told = cluster.create(role("injected", [SECRETS], aggregate_to_view="true"))
    what = ("ClusterRole injected", "rbac-aggregation", "high", message, "metadata.labels", warning)
    assert told == denied(*what)
    assert cluster.plane.kubectl("delete", "clusterrolebinding", "view").returncode == 0


def test_what_everybody_has_is_denied_in_the_namespace_of_the_control_plane_too(cluster: Cluster) -> None:
    def message(where: str) -> str:
        who = 'Group "system:authenticated", everybody who can log in, programs as well,'
        return f'ClusterRole "reader" lets {who} read every Secret in {where}; instead, bind it to those who need it'

    def warning(where: str, more: str = "") -> str:
        read = f'rules[0] of ClusterRole "reader" lets Group "system:authenticated" read every Secret in {where}'
        return f"rbac-secret-read: {read}{more}; {READ_BY_NAME} (at roleRef.name)"

    told = cluster.create(binding("reader", EVERYBODY))
    everywhere = ("ClusterRoleBinding reader", "rbac-broad-subject", "critical", message("every namespace"))
    assert told == denied(*everywhere, "subjects[0]", warning("every namespace"))
    told = cluster.create(binding("reader", EVERYBODY, "kube-system"))
    there = ("RoleBinding kube-system/reader", "rbac-broad-subject", "critical", message("namespace kube-system"))
    assert told == denied(*there, "subjects[0]", warning("namespace kube-system", f"; {OF_KUBE_SYSTEM}"))


def test_a_dangling_binding_is_told_of_and_its_role_is_denied_when_it_appears(cluster: Cluster) -> None:
    missing = 'ClusterRole "later" does not exist: who creates it later decides what User "jane" may do'
    warning = f"Warning: rbac-dangling-ref: {missing}; instead, create the role first (at roleRef.name)\n"
    created = "rolebinding.rbac.authorization.k8s.io/later created\n"
    assert cluster.create(binding("later", JANE, "kube-system")) == Said(0, created, warning)
    cluster.pod.decision(kind="RoleBinding.rbac.authorization.k8s.io", name="later")
    rule = {**ESCALATE, "resources": ["roles"]}
    lets = 'rules[0] of ClusterRole "later" lets its holders give themselves any permission in namespace kube-system'
    words = 'they can write into a Role what they do not have; held by User "jane"'
    message = f"{lets}: {words}; {NO_ESCALATE}"
    there = denied("ClusterRole later", "rbac-escalate", "high", message, "rules[0]")
    assert cluster.create(role("later", [rule])) == there


@pytest.mark.parametrize("folder", ORDINARY)
def test_ordinary_software_is_installed_with_warnings_alone(cluster: Cluster, folder: str) -> None:
    file = HERE / folder / "rbac.yaml"
    objects = [one for one in yaml.safe_load_all(file.read_text()) if one]
    for place in places(objects):
        cluster.plane.kubectl("create", "namespace", place)
    told = cluster.kubectl("apply", "-f", file)
    # What is held by whom is told in other tests: it goes again. Namespaces take their time, and stay.
    kept = [one for one in objects if one["kind"] != "Namespace"]
    gone = "\n---\n".join(map(json.dumps, kept))
    cluster.plane.kubectl("delete", "-f", "-", input=gone, check=True)
    lines = told.err.splitlines()
    assert (told.code, [line for line in lines if not line.startswith("Warning: ")]) == (0, []), told
    assert len(told.out.splitlines()) == len(objects)
    policies = {line.removeprefix("Warning: ").partition(":")[0] for line in lines}
    assert {one for one in policies if one.startswith("rbac-")} == ORDINARY[folder]


def places(objects: list[Object]) -> set[str]:
    """The namespaces that they are in, and that are not among them."""
    own = {one["metadata"]["name"] for one in objects if one["kind"] == "Namespace"}
    return {one["metadata"]["namespace"] for one in objects if "namespace" in one["metadata"]} - own

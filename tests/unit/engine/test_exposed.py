"""What `rbac risks` and `rbac diff` judge: the worst rows in whole sentences, and nothing of Kubernetes' own."""

import pytest

from gatewright.engine.documents import Document, read
from gatewright.engine.exposed import arisen, engines_of, exposed, placed
from gatewright.engine.world import ClosedWorld
from gatewright.model import baseline
from gatewright.model.version import KubernetesVersion, V
from tests.builders import Object, built_in
from tests.unit.cli.invoke import text

GROUP = "rbac.authorization.k8s.io"
CERTIFICATES = "certificates.k8s.io"


def documents(*objects: Object) -> list[Document]:
    return [one for item in objects for one in read(text(item).encode(), "x.yaml") if isinstance(one, Document)]


def found(*objects: Object, is_whole: bool = False) -> list[tuple[str, str, str]]:
    """Policy, severity and message of each finding, the worst first."""
    world = ClosedWorld(objects, is_whole=is_whole)
    told = exposed(documents(*objects), engines_of(built_in(), world), world.permissions())
    findings = sorted((one for _, one in told), key=lambda one: (-one.severity, one.policy))
    return [(one.policy, str(one.severity), one.message) for one in findings]


def rule(verbs: str, resources: str, group: str = "", *names: str) -> Object:
    named = {"resourceNames": list(names)} if names else {}
    return {"verbs": verbs.split(), "resources": resources.split(), "apiGroups": [group], **named}


def role(*rules: Object, name: str = "x", namespace: str = "", **labels: str) -> Object:
    kind, place = ("Role", {"namespace": namespace}) if namespace else ("ClusterRole", {})
    metadata = {"name": name, **place, "labels": {f"{GROUP}/{key.replace('_', '-')}": on for key, on in labels.items()}}
    return {"apiVersion": f"{GROUP}/v1", "kind": kind, "metadata": metadata, "rules": list(rules)}


def binding(*names: str, namespace: str = "", to: str = "x") -> Object:
    """Of ServiceAccounts of namespace mon to a ClusterRole."""
    kind, place = ("RoleBinding", {"namespace": namespace}) if namespace else ("ClusterRoleBinding", {})
    reference = {"apiGroup": GROUP, "kind": "ClusterRole", "name": to}
    subjects = [{"kind": "ServiceAccount", "name": name, "namespace": "mon"} for name in names]
    whole = {"apiVersion": f"{GROUP}/v1", "kind": kind, "metadata": {"name": "b", **place}}
    return whole | {"roleRef": reference, "subjects": subjects}


APPROVE = (
    rule("create", "certificatesigningrequests", CERTIFICATES),
    rule("update", "certificatesigningrequests/approval", CERTIFICATES),
    rule("approve", "signers", CERTIFICATES, "kubernetes.io/kube-apiserver-client"),
)
READS_ALL = "read everything in every namespace, every Secret among it"
LETS = 'rules[0] of ClusterRole "x" lets ServiceAccount mon/agent'

WORST: dict[str, tuple[tuple[Object, ...], str, str]] = {
    "rbac-all": (
        (rule("*", "*", "*"),),
        "do everything in every namespace",
        "name the groups, resources and verbs that are needed",
    ),
    "rbac-write-all": (
        (rule("create update", "*", "apps"),),
        "write every kind of thing in every namespace, and so run pods there as any ServiceAccount",
        "name the resources that are written",
    ),
    "rbac-read-all": (
        (rule("get list watch", "*", "*"),),
        f'{READS_ALL}, and run commands in every pod, since "get" of nodes/proxy is enough for that',
        "name the resources that are needed",
    ),
    "rbac-nodes-proxy": (
        (rule("get", "nodes/proxy"),),
        'run commands in every pod on every node ("get" is enough, over WebSocket), unseen by audit',
        'replace "nodes/proxy" with "nodes/metrics" or "nodes/pods"',
    ),
    "rbac-token-request": (
        (rule("create", "serviceaccounts/token"),),
        "get a token of any ServiceAccount in every namespace, and so do whatever it may",
        "name the ServiceAccounts in resourceNames",
    ),
    "rbac-escalate": (
        (rule("escalate update", "clusterroles", GROUP),),
        "give themselves any permission in every namespace: they can write into a ClusterRole what they do not have",
        'drop the verb "escalate": whoever writes roles then writes only what they have themselves',
    ),
    "rbac-bind": (
        (rule("bind", "clusterroles", GROUP), rule("create", "clusterrolebindings", GROUP)),
        "give any ClusterRole to themselves in every namespace",
        "name the roles that they may bind in resourceNames",
    ),
    "rbac-impersonate": (
        (rule("impersonate", "users groups"),),
        "become a member of any group, of system:masters too, which may do everything",
        "name harmless groups in resourceNames",
    ),
    "rbac-csr-approve": (
        APPROVE,
        "become any user, in any group but system:masters, by a certificate that they approve themselves",
        "name the signers that are theirs in resourceNames of the verb approve",
    ),
    "rbac-system-config": (
        (rule("update", "configmaps", "", "aws-auth"),),
        'make themselves administrators of the cluster, by the ConfigMap kube-system/aws-auth, only "aws-auth"',
        'drop "aws-auth" from resourceNames',
    ),
}
"""By policy: rules, what they let somebody do, and what to change."""


@pytest.mark.parametrize("policy", WORST)
def test_the_worst_rows_read_aloud(policy: str) -> None:
    rules, lets, instead = WORST[policy]
    told = [one for one in found(role(*rules), binding("agent")) if one[0] == policy]
    assert told == [(policy, "critical", f"{LETS} {lets}; instead, {instead}")]
    assert len(f"{LETS} {lets}") <= 200


@pytest.mark.parametrize("version", baseline.recorded(), ids=str)
def test_nothing_is_said_of_what_every_cluster_has(version: KubernetesVersion) -> None:
    assert found(*baseline.objects(version), is_whole=True) == []


def test_the_version_is_the_clusters() -> None:
    """From 1.35 on, get is not enough any more."""
    runs = role(rule("get", "pods/exec"))
    world = ClosedWorld([runs])
    by_version = {str(one): engines_of(built_in(), world, one) for one in (V(1, 34), V(1, 35))}
    told = {one: [*exposed(documents(runs), engines, world.permissions())] for one, engines in by_version.items()}
    assert {one: [finding.policy for _, finding in found] for one, found in told.items()} == {
        "v1.34": ["rbac-exec"],
        "v1.35": [],
    }


def test_a_rule_is_told_once_where_somebody_has_it() -> None:
    reads = role(rule("get", "secrets"))
    [only] = found(reads)
    assert only[2].startswith('rules[0] of ClusterRole "x" lets its holders read every Secret in every namespace')
    [bound] = found(reads, binding("agent"))
    assert bound[2].startswith(f"{LETS} read every Secret in every namespace")


def test_a_binding_for_nobody_hides_no_role() -> None:
    assert found(role(rule("get", "secrets")), binding()) == found(role(rule("get", "secrets")))


def test_a_role_that_is_bound_is_still_judged_by_its_labels() -> None:
    reads = role(rule("get", "secrets"), aggregate_to_view="true")
    policies = [policy for policy, _, _ in found(reads, binding("agent"))]
    assert policies == ["rbac-secret-read", "rbac-aggregation"]


def test_what_is_no_role_and_no_binding_is_passed_over() -> None:
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": "shop"}}
    other = {"apiVersion": "example.org/v1", "kind": "Role", "metadata": {"name": "x"}, "rules": 3}
    assert found(account, other) == []


def test_what_says_no_namespace_is_placed_in_the_default_one() -> None:
    given = role(name="a", namespace="n"), role(name="b"), binding(namespace="n"), binding()
    for one in (given[0], given[2]):
        del one["metadata"]["namespace"]
    values = [one.value for one in placed(documents(*given))]
    assert [one["metadata"].get("namespace") for one in values] == ["default", None, "default", None]
    assert [one["metadata"]["name"] for one in values] == ["a", "b", "b", "b"]
    assert [one.value for one in placed(documents(*values))] == values


class TestArisen:
    READS = role(rule("get", "secrets"))

    def messages(self, old: tuple[Object, ...], new: tuple[Object, ...]) -> list[str]:
        world = ClosedWorld(new)
        engines = engines_of(built_in(), world)
        told = arisen(documents(*new), documents(*old), engines, world.permissions())
        return [f"{one.request.kind.kind}: {finding.message.partition(' in every')[0]}" for one, finding in told]

    def test_nothing_new(self) -> None:
        same = (self.READS, binding("agent"))
        assert self.messages(same, same) == []

    def test_a_new_pair_is_told_at_the_binding(self) -> None:
        expected = [f"ClusterRoleBinding: {LETS} read every Secret"]
        assert self.messages((), (self.READS, binding("agent"))) == expected

    def test_new_subjects_alone(self) -> None:
        old, new = (self.READS, binding("old")), (self.READS, binding("old", "agent"))
        assert self.messages(old, new) == [f"ClusterRoleBinding: {LETS} read every Secret"]

    def test_a_role_that_appears_for_a_binding_that_waited(self) -> None:
        expected = ['ClusterRole: rules[0] of ClusterRole "x" lets its holders read every Secret']
        assert self.messages((binding("agent"),), (self.READS, binding("agent"))) == expected

    def test_another_role_is_another_binding(self) -> None:
        other = role(rule("get", "pods"), name="other")
        old = (self.READS, other, binding("agent", to="other"))
        expected = [f"ClusterRoleBinding: {LETS} read every Secret"]
        assert self.messages(old, (self.READS, other, binding("agent"))) == expected


def test_an_object_that_cannot_be_read_harms_no_other() -> None:
    reads = role(rule("get", "secrets"))
    assert [one for one in found(role(name="odd") | {"rules": 3}, reads) if one[0] == "rbac-secret-read"] == found(
        reads
    )


def test_a_role_that_cannot_be_read_says_so_though_it_is_bound() -> None:
    told = found(role(name="x") | {"rules": 3}, binding("agent"))
    assert ("GW002", "high", "rules must be a list, not an integer") in told

from gatewright.engine.engine import Engine
from gatewright.engine.world import ClosedWorld
from gatewright.policy import Secret
from tests.builders import Object, built_in, found, load, pod, request

GROUP = "rbac.authorization.k8s.io"
ADMIN: Object = {
    "apiVersion": f"{GROUP}/v1",
    "kind": "ClusterRoleBinding",
    "metadata": {"name": "operator"},
    "roleRef": {"apiGroup": GROUP, "kind": "ClusterRole", "name": "cluster-admin"},
    "subjects": [{"kind": "ServiceAccount", "name": "operator", "namespace": "default"}],
}
WHAT = "which can do everything in every namespace (ClusterRoleBinding operator)"
TOLD = f'volume "t" holds a token of default/operator, {WHAT}'


def told(policy: str, *objects: Object) -> list[tuple[str, str, str]]:
    """What is found in a file's Pod that names no namespace, as the others there name none."""
    item = pod({"metadata": {"name": "web"}, "spec.volumes": [{"name": "t", "secret": {"secretName": "robot"}}]})
    configuration = load("policies: {token-secret-risk: warn}")
    return found(Engine(configuration, ClosedWorld([ADMIN, *objects]), only=[policy]), request(item, within=""))


def test_without_a_namespace_it_is_the_default_one() -> None:
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "operator"}}
    assert told("service-account-risk", account) == []
    listed = account | {"secrets": [{"name": "robot"}]}
    assert told("service-account-risk", listed) == [("warn", "service-account-risk", TOLD)]
    metadata = {"name": "robot", "annotations": {"kubernetes.io/service-account.name": "operator"}}
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "kubernetes.io/service-account-token"}
    assert told("token-secret-risk", secret) == [("warn", "token-secret-risk", TOLD)]


def test_nothing_that_is_on_in_a_profile_reads_secrets() -> None:
    reading = {policy.id for policy in built_in().policies.values() if Secret in policy.stores.values()}
    on = {
        id_
        for profile in ("observe", "default", "strict")
        for layer in load(profile=profile).layers
        for id_, modes in layer.modes.items()
        if any(modes)
    }
    assert (reading, reading & on) == ({"token-secret-risk"}, set())

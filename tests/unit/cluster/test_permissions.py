"""What deploy/ permits the service is what it does, no more and no less."""

import asyncio
import re
from pathlib import Path
from typing import Any

import yaml

from gatewright import wiring
from gatewright.cluster.reflected import ReflectedWorld
from gatewright.cluster.registration import publish
from gatewright.engine import registration
from gatewright.engine.config import profiles
from gatewright.engine.decision import Miss
from gatewright.engine.engine import Engine
from gatewright.engine.registration import read_by
from gatewright.model.kinds import STORED, is_namespaced, path_of
from gatewright.policy import (
    Access,
    Connect,
    HTTPRoute,
    Ingress,
    NetworkPolicy,
    Pod,
    Policy,
    Store,
    Violations,
)
from tests.builders import built_in, declared, load, namespace, pod, request
from tests.unit.cluster.apis import Api, Call

RBAC = Path(__file__).parent.parent.parent.parent / "deploy" / "base" / "rbac.yaml"
REGISTRATION = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/gatewright"

Permission = tuple[str, str, str, str]
"""Group, resource, verb, and the one object that it is about."""


PATH = re.compile(r"/apis?/(?:([^/]+)/)?v1/(?:namespaces/[^/]+/)?(\w+)(?:/([^/]+))?")


def permission(call: Call) -> Permission:
    """What a call needs; an object may be any, but for our own registration."""
    verb, path, _ = call
    found = PATH.fullmatch(path)
    assert found
    group, resource, name = found.groups(default="")
    verbs = {"apply": "patch", "get": "get" if name else "list", "watch": "watch"}
    return group, resource, verbs[verb], name if path == REGISTRATION else ""


def on() -> list[Policy]:
    """The built-in policies that are on in a profile."""
    profiled = [wiring.configure(None, name, built_in()) for name in profiles()]
    ids = {policy.id for configuration in profiled for policy in wiring.on(configuration)}
    return [policy for id_, policy in built_in().policies.items() if id_ in ids]


def role() -> list[dict[str, Any]]:
    """The rules of the ClusterRole."""
    [role] = [item for item in yaml.safe_load_all(RBAC.read_text()) if item["kind"] == "ClusterRole"]
    rules: list[dict[str, Any]] = role["rules"]
    return rules


def permitted() -> set[Permission]:
    """What the ClusterRole permits."""
    return {
        (group, resource, verb, name)
        for rule in role()
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
        for name in rule.get("resourceNames", [""])
    }


def asked() -> list[Call]:
    """What is asked of an API server by a service that reflects what policies read, judges a Pod and a Namespace, looks
    up what its stores lack, and registers itself."""
    api = Api({REGISTRATION: {"webhooks": [{"name": "w", "clientConfig": {}}]}})
    read = read_by(on())
    for kind in STORED.keys() - {Pod}:
        name = STORED[kind].partition(".")[0]
        api.items[path_of(STORED[kind])] = {"kind": f"{name}List", "metadata": {"resourceVersion": "1"}}
    world = ReflectedWorld(api)
    engine = Engine(load("podSecurityLabels: honour", "strict"), world)
    for review in (request(pod()), request(namespace(enforce="restricted"), namespace())):
        misses = engine.judge(review).misses
        assert misses
        asyncio.run(world.look_up(misses, 5))
    world.want(read)
    for kind in read:  # what the store lacks is looked up by its name
        asyncio.run(world.look_up([Miss(kind, "shop" if is_namespaced(STORED[kind]) else None, "any")], 5))
    told: list[object] = []
    world.start(lambda call: call(), lambda *line, **_: told.append(line))
    world.wait(5)
    world.stop()
    publish(api, "gatewright", b"")
    return api.calls


def test_the_cluster_role_permits_what_is_asked_for() -> None:
    assert {permission(call) for call in asked()} == permitted()


def test_its_rules_are_those_that_are_printed() -> None:
    assert role() == registration.cluster_role(on())


def of_routes(connect: Connect, routes: Store[HTTPRoute], ingresses: Store[Ingress]) -> Violations:
    raise NotImplementedError


def of_networks(pod: Pod, policies: Store[NetworkPolicy], pods: Store[Pod]) -> Violations:
    raise NotImplementedError


def of_access(pod: Pod, access: Access) -> Violations:
    raise NotImplementedError


def rule(group: str, verbs: list[str], *resources: str) -> dict[str, Any]:
    return {"apiGroups": [group], "resources": list(resources), "verbs": verbs}


ITSELF = rule("admissionregistration.k8s.io", ["get", "patch"], "validatingwebhookconfigurations")
ITSELF["resourceNames"] = ["gatewright"]
ALL = ["get", "list", "watch"]


def test_a_store_is_a_rule_and_pods_are_looked_up() -> None:
    bare = [rule("", ALL, "namespaces"), rule("", ["list"], "pods"), ITSELF]
    assert registration.cluster_role([]) == bare
    assert registration.cluster_role([declared(of_routes, on={"CONNECT"}), declared(of_networks)]) == [
        rule("", ["get", "list"], "pods"),
        rule("", ALL, "namespaces"),
        rule("gateway.networking.k8s.io", ALL, "httproutes"),
        rule("networking.k8s.io", ALL, "ingresses", "networkpolicies"),
        ITSELF,
    ]
    roles = ("clusterrolebindings", "clusterroles", "rolebindings", "roles")
    assert registration.cluster_role([declared(of_access)]) == [
        *bare[:2],
        rule("rbac.authorization.k8s.io", ALL, *roles),
        ITSELF,
    ]

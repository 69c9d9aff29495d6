"""What deploy/ permits the service is what it does, no more and no less."""

import asyncio
import re
from pathlib import Path
from typing import Any

import yaml

from gatewright.cluster.live import LiveWorld
from gatewright.cluster.registration import publish
from gatewright.engine.engine import Engine
from tests.builders import load, namespace, pod, request
from tests.unit.cluster.apis import Api, Call

RBAC = Path(__file__).parent.parent.parent.parent / "deploy" / "base" / "rbac.yaml"
REGISTRATION = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/gatewright"

Permission = tuple[str, str, str, str]
"""Group, resource, verb, and the one object that it is about."""


PATH = re.compile(r"/apis?/(?:([^/]+)/)?v1/(?:namespaces/[^/]+/)?(\w+)(?:/([^/]+))?")


def permission(call: Call) -> Permission:
    """What a call needs; a namespace or a pod may be any."""
    verb, path, _ = call
    found = PATH.fullmatch(path)
    assert found
    group, resource, name = found.groups(default="")
    verbs = {"apply": "patch", "get": "get" if name else "list"}
    return group, resource, verbs[verb], name if group else ""


def permitted() -> set[Permission]:
    """What the ClusterRole permits."""
    [role] = [item for item in yaml.safe_load_all(RBAC.read_text()) if item["kind"] == "ClusterRole"]
    return {
        (group, resource, verb, name)
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
        for name in rule.get("resourceNames", [""])
    }


def asked(**items: Any) -> list[Call]:
    """What is asked of an API server by a service that judges a Pod and a Namespace, and registers itself."""
    api = Api({REGISTRATION: {"webhooks": [{"name": "w", "clientConfig": {}}]}, **items})
    world = LiveWorld(api)
    engine = Engine(load("podSecurityLabels: honour", "strict"), world)
    for review in (request(pod()), request(namespace(enforce="restricted"), namespace())):
        misses = engine.judge(review).misses
        assert misses
        asyncio.run(world.look_up(misses, 5))
    publish(api, "gatewright", b"")
    return api.calls


def test_the_cluster_role_permits_what_is_asked_for() -> None:
    assert {permission(call) for call in asked()} == permitted()

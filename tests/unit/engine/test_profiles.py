"""What the profiles do about pod security and permissions: a step less in observe, and by how bad something is."""

import pytest

from gatewright.engine.decision import Mode
from gatewright.engine.engine import Engine
from gatewright.engine.modes import Modes
from gatewright.engine.world import ClosedWorld
from tests.builders import Object, built_in, found, load, request

GROUP = "rbac.authorization.k8s.io"
BELOW = {Mode.ENFORCE: Mode.WARN, Mode.WARN: Mode.AUDIT, Mode.AUDIT: Mode.AUDIT, Mode.OFF: Mode.OFF}


def modes(profile: str, *subjects: str) -> dict[str, Modes]:
    (everywhere,) = [layer for layer in load(profile=profile).layers if not layer.conditions and layer.modes]
    entries = built_in().entries.values()
    return {one.policy.id: everywhere.modes[one.policy.id] for one in entries if one.subject in subjects}


def test_observe_is_a_step_below_default() -> None:
    default = modes("default", "pod_security", "rbac")
    assert modes("observe", "pod_security", "rbac") == {
        id_: Modes(BELOW[mode] for mode in each) for id_, each in default.items()
    }


def rule(verb: str, resource: str, group: str = "", *names: str) -> Object:
    named = {"resourceNames": list(names)} if names else {}
    return {"verbs": [verb], "resources": [resource], "apiGroups": [group], **named}


def role(name: str, *rules: Object) -> Object:
    return {"apiVersion": f"{GROUP}/v1", "kind": "ClusterRole", "metadata": {"name": name}, "rules": list(rules)}


def bound(to: str, account: str) -> Object:
    return {
        "apiVersion": f"{GROUP}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": f"{account}-{to}"},
        "roleRef": {"apiGroup": GROUP, "kind": "ClusterRole", "name": to},
        "subjects": [{"kind": "ServiceAccount", "name": account, "namespace": "shop"}],
    }


def told(policy: str, *objects: Object, profile: str = "default") -> list[str]:
    """The modes of what a policy says of the last object, the others being there."""
    engine = Engine(load(profile=profile), ClosedWorld(objects[:-1]), only=[policy])
    return [mode for mode, *_ in found(engine, request(objects[-1]))]


ROLES = {
    "secrets": rule("get", "secrets"),
    "networks": rule("update", "networkpolicies", "networking.k8s.io"),
    "logs": rule("get", "pods/log"),
    "pods": rule("get", "pods"),
}
"""What is high, medium, low, and nothing."""


@pytest.mark.parametrize(
    ("given", "default", "observe"),
    [
        ("secrets", ["enforce"], ["warn"]),
        ("networks", ["warn"], ["audit"]),
        ("logs", ["audit"], ["audit"]),
        ("pods", [], []),
    ],
)
def test_whoever_becomes_a_named_account_or_binds_a_named_role_is_as_dangerous_as_that(
    given: str, default: list[str], observe: list[str]
) -> None:
    there = role(given, ROLES[given])
    becomes = role("becomes", rule("impersonate", "serviceaccounts", "", "target"))
    account = (there, bound(given, "target"), becomes, bound("becomes", "ci"))
    assert told("rbac-impersonate", *account) == default
    assert told("rbac-impersonate", *account, profile="observe") == observe
    binds = role("binds", rule("bind", "clusterroles", GROUP, given), rule("create", "clusterrolebindings", GROUP))
    assert told("rbac-bind", there, binds, bound("binds", "ci")) == default
    assert told("rbac-bind", there, binds, bound("binds", "ci"), profile="observe") == observe


def test_without_names_it_is_denied() -> None:
    becomes = role("becomes", rule("impersonate", "serviceaccounts"))
    assert told("rbac-impersonate", becomes, bound("becomes", "ci")) == ["enforce"]
    binds = role("binds", rule("bind", "clusterroles", GROUP), rule("create", "clusterrolebindings", GROUP))
    assert told("rbac-bind", binds, bound("binds", "ci")) == ["enforce"]


def test_a_named_role_that_is_not_there_yet_is_warned_of() -> None:
    binds = role("binds", rule("bind", "clusterroles", GROUP, "x"), rule("create", "clusterrolebindings", GROUP))
    assert told("rbac-bind", binds, bound("binds", "ci")) == ["warn"]

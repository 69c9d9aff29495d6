from collections.abc import Iterable

import pytest

from gatewright.model.meta import Metadata
from gatewright.model.rbac import ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, RoleRef, Subject
from gatewright.model.rbac_subjects import (
    EVERYWHERE,
    AnyBinding,
    AnyRole,
    Grant,
    account,
    applies,
    holder,
    rules_for,
    service_account,
)
from gatewright.model.review import UserInfo

ALICE = UserInfo(username="alice", groups=("dev", "system:authenticated"))
AGENT = service_account("mon", "agent")
TEAM = Subject(kind="Group", name="dev")


def user(name: str) -> Subject:
    return Subject(kind="User", name=name)


def group(name: str) -> Subject:
    return Subject(kind="Group", name=name)


def sa(name: str, namespace: str = "") -> Subject:
    return Subject(kind="ServiceAccount", name=name, namespace=namespace)


def test_the_groups_of_a_service_account() -> None:
    groups = ("system:serviceaccounts", "system:serviceaccounts:mon", "system:authenticated")
    assert UserInfo(username="system:serviceaccount:mon:agent", groups=groups) == AGENT


@pytest.mark.parametrize(
    ("subject", "namespace", "who", "applied"),
    [
        (user("alice"), "", ALICE, True),
        (user("Alice"), "", ALICE, False),
        (user("dev"), "", ALICE, False),
        (user("*"), "", ALICE, False),
        (group("dev"), "shop", ALICE, True),
        (group("alice"), "", ALICE, False),
        (group("system:authenticated"), "", ALICE, True),
        (group("system:authenticated"), "", UserInfo(username="alice"), False),  # groups are what they are said to be
        (sa("agent", "mon"), "", AGENT, True),
        (sa("agent", "mon"), "shop", AGENT, True),
        (sa("agent"), "mon", AGENT, True),
        (sa("agent"), "shop", AGENT, False),
        (sa("agent"), EVERYWHERE, AGENT, False),
        (sa("agent"), EVERYWHERE, UserInfo(username="system:serviceaccount::agent"), False),
        (sa("agent", "shop"), "mon", AGENT, False),
        (sa("other", "mon"), "mon", AGENT, False),
        (sa("alice", "mon"), "mon", ALICE, False),
        (user("system:serviceaccount:mon:agent"), "", AGENT, True),
        (user("agent"), "mon", AGENT, False),
        (group("system:serviceaccounts"), "", AGENT, True),
        (group("system:serviceaccounts:mon"), "shop", AGENT, True),
        (group("system:serviceaccounts:shop"), "shop", AGENT, False),
        (group("system:serviceaccount:mon:agent"), "", AGENT, False),
        (Subject(kind="user", name="alice"), "", ALICE, False),
        (Subject(kind="", name="alice"), "", ALICE, False),
        (Subject(kind="Pod", name="agent", namespace="mon"), "mon", UserInfo(), False),
        (Subject(api_group="example.org", kind="User", name="alice"), "", ALICE, True),
    ],
)
def test_whom_a_subject_is(subject: Subject, namespace: str, who: UserInfo, applied: bool) -> None:
    assert applies(subject, who, namespace) is applied


@pytest.mark.parametrize(
    ("subject", "namespace", "found"),
    [
        (sa("agent", "mon"), "shop", ("mon", "agent")),
        (sa("agent"), "shop", ("shop", "agent")),
        (sa("agent"), EVERYWHERE, None),
        (sa(""), "shop", None),
        (user("system:serviceaccount:mon:agent"), "shop", ("mon", "agent")),
        (user("system:serviceaccount:mon"), "shop", None),
        (user("system:serviceaccount:mon:agent:x"), "shop", None),
        (user("system:serviceaccount::agent"), "shop", None),
        (user("system:serviceaccount:mon:"), "shop", None),
        (user("system:serviceaccounts:mon:agent"), "shop", None),
        (user("x:serviceaccount:mon:agent"), "shop", None),
        (user("alice"), "shop", None),
        (group("system:serviceaccount:mon:agent"), "shop", None),
    ],
)
def test_which_service_account_a_subject_is(subject: Subject, namespace: str, found: tuple[str, str] | None) -> None:
    assert account(subject, namespace) == found


@pytest.mark.parametrize(
    ("subject", "who"),
    [
        (user("alice"), UserInfo(username="alice", groups=("system:authenticated",))),
        (user("system:anonymous"), UserInfo(username="system:anonymous", groups=("system:unauthenticated",))),
        (user("system:serviceaccount:mon:agent"), AGENT),
        (sa("agent", "mon"), AGENT),
        (sa("agent"), service_account("shop", "agent")),
        (group("dev"), UserInfo(groups=("dev", "system:authenticated"))),
        (group("system:authenticated"), UserInfo(groups=("system:authenticated",))),
        (group("system:unauthenticated"), UserInfo(groups=("system:unauthenticated",))),
        (group("system:serviceaccounts"), UserInfo(groups=("system:serviceaccounts", "system:authenticated"))),
        (group("system:serviceaccounts:mon"), UserInfo(groups=AGENT.groups[1::-1] + AGENT.groups[2:])),
        (Subject(kind="Pod", name="a"), None),
    ],
)
def test_what_is_known_of_a_subject(subject: Subject, who: UserInfo | None) -> None:
    assert holder(subject, "shop") == who


def test_a_service_account_of_no_namespace_is_nobody() -> None:
    assert holder(sa("agent"), EVERYWHERE) is None


def rules(*resources: str) -> tuple[PolicyRule, ...]:
    return tuple(PolicyRule(("get",), ("",), (resource,)) for resource in resources)


class Cluster:
    """A view that looks for nothing: it has every binding of a namespace for everybody."""

    def __init__(self, *objects: AnyRole | AnyBinding) -> None:
        self._objects = objects

    def bindings(self, who: UserInfo, namespace: str) -> Iterable[AnyBinding]:  # noqa: ARG002 - a View's
        kind = RoleBinding if namespace else ClusterRoleBinding
        return [each for each in self._objects if isinstance(each, kind) and each.metadata.namespace == namespace]

    def role(self, namespace: str, name: str) -> AnyRole | None:
        kind = Role if namespace else ClusterRole
        place = namespace or None, name
        found = (each for each in self._objects if isinstance(each, kind) and (each.namespace, each.name) == place)
        return next(found, None)


def ref(kind: str, name: str = "r") -> RoleRef:
    return RoleRef("rbac.authorization.k8s.io", kind, name)


def at(namespace: str, name: str = "b") -> Metadata:
    return Metadata(name=name, namespace=namespace)


CLUSTER_ROLE = ClusterRole(Metadata(name="r"), rules("nodes", "events"))
SHOP_ROLE = Role(at("shop", "r"), rules("pods"))
MON_ROLE = Role(at("mon", "r"), rules("secrets"))
ROLES = CLUSTER_ROLE, SHOP_ROLE, MON_ROLE


@pytest.mark.parametrize(
    ("binding", "who", "namespace", "resources"),
    [
        (ClusterRoleBinding(at(""), ref("ClusterRole"), (TEAM,)), ALICE, EVERYWHERE, ["nodes", "events"]),
        (ClusterRoleBinding(at(""), ref("ClusterRole"), (TEAM,)), ALICE, "shop", ["nodes", "events"]),
        (ClusterRoleBinding(at(""), ref("ClusterRole"), (TEAM,)), AGENT, "shop", []),
        (ClusterRoleBinding(at(""), ref("ClusterRole", "gone"), (TEAM,)), ALICE, "shop", []),
        (ClusterRoleBinding(at(""), ref("Role"), (TEAM,)), ALICE, "shop", []),
        (ClusterRoleBinding(at(""), ref("ClusterRole"), (sa("agent"),)), AGENT, "mon", []),
        (RoleBinding(at("shop"), ref("ClusterRole"), (TEAM,)), ALICE, "shop", ["nodes", "events"]),
        (RoleBinding(at("shop"), ref("ClusterRole"), (TEAM,)), ALICE, "mon", []),
        (RoleBinding(at("shop"), ref("ClusterRole"), (TEAM,)), ALICE, EVERYWHERE, []),
        (RoleBinding(at("shop"), ref("Role"), (TEAM,)), ALICE, "shop", ["pods"]),
        (RoleBinding(at("shop"), ref("Role", "gone"), (TEAM,)), ALICE, "shop", []),
        (RoleBinding(at("shop"), ref("role"), (TEAM,)), ALICE, "shop", []),
        (RoleBinding(at("shop"), ref(""), (TEAM,)), ALICE, "shop", []),
        (RoleBinding(at("shop"), ref("Role"), ()), ALICE, "shop", []),
        (RoleBinding(at("shop"), ref("Role"), (sa("agent"), sa("agent", "mon"))), AGENT, "shop", ["pods"]),
        (RoleBinding(at("mon"), ref("Role"), (sa("agent"),)), AGENT, "mon", ["secrets"]),
        (RoleBinding(at("mon"), ref("Role"), (group("system:serviceaccounts:mon"),)), AGENT, "mon", ["secrets"]),
    ],
)
def test_the_rules_of_a_binding(binding: AnyBinding, who: UserInfo, namespace: str, resources: list[str]) -> None:
    given = list(rules_for(who, namespace, Cluster(*ROLES, binding)))
    assert [resource for grant in given for resource in grant.rule.resources] == resources
    assert all(grant.binding is binding for grant in given)


def test_how_one_comes_to_have_a_rule() -> None:
    everywhere = ClusterRoleBinding(at("", "all"), ref("ClusterRole"), (user("bob"), TEAM, user("alice")))
    here = RoleBinding(at("shop"), ref("Role"), (user("alice"),))
    given = list(rules_for(ALICE, "shop", Cluster(*ROLES, here, everywhere)))
    assert given == [
        Grant(CLUSTER_ROLE.rules[0], everywhere, CLUSTER_ROLE, TEAM),
        Grant(CLUSTER_ROLE.rules[1], everywhere, CLUSTER_ROLE, TEAM),
        Grant(SHOP_ROLE.rules[0], here, SHOP_ROLE, user("alice")),
    ]
    assert given[1].rule is CLUSTER_ROLE.rules[1]
    assert given[1].subject is everywhere.subjects[1]

"""Who may do what: risks that somebody holds, and what they can come to."""

import dataclasses
from collections.abc import Callable

import pytest

from gatewright.model.meta import Metadata
from gatewright.model.rbac import ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, RoleRef
from gatewright.model.rbac_permissions import Permissions
from gatewright.model.rbac_subjects import AnyBinding, AnyRole, service_account
from gatewright.policy import WRITE, Access, Need, Risk, Severity
from tests.unit.model.test_rbac_subjects import group, sa

LOW, MEDIUM, HIGH, CRITICAL = Severity


def risk(resource: str, cluster: Severity, namespaced: Severity | None, *only_in: str) -> Risk:
    way = (Need(("get",), (resource,)),)
    return Risk((way,), f"get {resource} {{where}}", cluster, namespaced, "drop it", only_in=only_in)


RISKS = {
    "secrets": risk("secrets", HIGH, MEDIUM),
    "pods": risk("pods", MEDIUM, MEDIUM),
    "nodes": risk("nodes", CRITICAL, None),
    "leases": risk("leases", LOW, LOW, "sys"),
    "secrets-of-two": Risk(
        ((Need(("get",), ("secrets",)), Need(("list",), ("secrets",))),), "both {where}", CRITICAL, HIGH, "drop one"
    ),
}
API = service_account("shop", "api")


def rule(*resources: str, verbs: tuple[str, ...] = ("get",), names: tuple[str, ...] = ()) -> PolicyRule:
    return PolicyRule(verbs, ("",), resources, names)


def everywhere(name: str, namespace: str, *rules: PolicyRule) -> tuple[ClusterRole, ClusterRoleBinding]:
    """A ServiceAccount that has rules everywhere."""
    role = f"{namespace}-{name}"
    return (
        ClusterRole(Metadata(name=role), rules),
        ClusterRoleBinding(Metadata(name=role), RoleRef("", "ClusterRole", role), (sa(name, namespace),)),
    )


def within(place: str, *rules: PolicyRule) -> tuple[Role, RoleBinding]:
    """shop/api has rules in a namespace."""
    meta = Metadata(name="r", namespace=place)
    return Role(meta, rules), RoleBinding(meta, RoleRef("", "Role", "r"), (sa("api", "shop"),))


def told(*objects: AnyRole | AnyBinding) -> list[tuple[str, str, Severity]]:
    found = Access(Permissions(objects)).exposures(API, RISKS)
    return [(one.id, one.lets, one.severity) for one in found]


def test_what_somebody_holds() -> None:
    assert told() == []
    assert told(*everywhere("api", "shop", rule("secrets", "nodes"))) == [
        ("secrets", "get secrets in every namespace", HIGH),
        ("nodes", "get nodes in every namespace", CRITICAL),
    ]
    assert told(*everywhere("api", "mon", rule("secrets"))) == []
    assert told(*within("a", rule("secrets", "nodes"))) == [("secrets", "get secrets in namespace a", MEDIUM)]


def test_in_a_namespace_only_what_is_worse_there() -> None:
    whole, named = rule("secrets", "pods"), rule("secrets", "pods", names=("x",))
    assert told(*everywhere("api", "shop", whole), *within("a", whole)) == [
        ("secrets", "get secrets in every namespace", HIGH),
        ("pods", "get pods in every namespace", MEDIUM),
    ]
    assert told(*everywhere("api", "shop", named), *within("a", whole)) == [
        ("secrets", 'get secrets in every namespace, only "x"', MEDIUM),
        ("pods", 'get pods in every namespace, only "x"', LOW),
        ("pods", "get pods in namespace a", MEDIUM),
    ]


def test_what_is_held_everywhere_counts_in_a_namespace() -> None:
    lists = rule("secrets", verbs=("list",))
    assert told(*everywhere("api", "shop", lists)) == []
    assert told(*everywhere("api", "shop", lists), *within("a", rule("secrets"))) == [
        ("secrets", "get secrets in namespace a", MEDIUM),
        ("secrets-of-two", "both in namespace a", HIGH),
    ]


def test_what_gives_something_in_one_namespace_alone() -> None:
    assert told(*within("a", rule("leases")), *within("sys", rule("leases"))) == [
        ("leases", "get leases in namespace sys", LOW)
    ]
    assert told(*everywhere("api", "shop", rule("leases"))) == [("leases", "get leases in every namespace", LOW)]


def test_by_which_binding() -> None:
    role, binding = within("a", rule("configmaps"), rule("secrets"))
    (exposure,) = Access(Permissions([role, binding])).exposures(API, RISKS)
    assert (exposure.grant.binding, exposure.grant.role, exposure.grant.rule) == (binding, role, role.rules[1])
    assert (exposure.namespace, exposure.risk) == ("a", RISKS["secrets"])


def test_the_worst() -> None:
    access = Access(Permissions([*everywhere("api", "shop", rule("pods", "secrets")), *within("a", rule("secrets"))]))
    worst = access.worst(API, RISKS)
    assert worst is not None
    assert (worst.id, worst.severity) == ("secrets", HIGH)
    assert access.worst(service_account("shop", "web"), RISKS) is None


def test_the_strongest_account_of_a_namespace() -> None:
    everybody = ClusterRoleBinding(
        Metadata(name="all"), RoleRef("", "ClusterRole", "mon-a"), (group("system:serviceaccounts:mon"),)
    )
    objects: list[AnyRole | AnyBinding] = [
        *everywhere("a", "mon", rule("pods")), *everywhere("b", "mon", rule("secrets")),
        *everywhere("c", "other", rule("nodes")), *within("mon", rule("secrets", verbs=("get", "list"))),
    ]  # fmt: skip
    strongest = Access(Permissions(objects)).strongest("mon", RISKS)
    assert strongest is not None
    assert (strongest.name, strongest.exposure.id, strongest.exposure.namespace) == ("b", "secrets", None)
    assert list(Access(Permissions(objects)).accounts("mon")) == ["a", "b"]
    assert Access(Permissions([*everywhere("a", "mon", rule("pods")), everybody])).strongest("shop", RISKS) is None


@pytest.mark.parametrize(
    ("mine", "running", "expected"),
    [
        (rule("pods"), {"pods"}, ("pods", "agent", CRITICAL)),
        (rule("pods"), {"secrets"}, ("pods", None, MEDIUM)),
        (rule("pods", names=("x",)), {"pods"}, ("pods", None, LOW)),
        (rule("pods", "secrets"), {"secrets"}, ("secrets", "agent", CRITICAL)),
    ],
)
def test_what_somebody_can_come_to(
    mine: PolicyRule, running: set[str], expected: tuple[str, str | None, Severity]
) -> None:
    access = Access(Permissions([*within("mon", mine), *everywhere("agent", "mon", rule("nodes"))]))
    reach = access.reach(API, RISKS, running)
    assert reach is not None
    assert (reach.exposure.id, reach.through and reach.through.name, reach.severity) == expected


def test_what_somebody_can_come_to_where_nobody_is_stronger() -> None:
    for others in (within("a", rule("pods")), (*within("a", rule("pods")), *everywhere("b", "a", rule("leases")))):
        reach = Access(Permissions(others)).reach(API, RISKS, {"pods"})
        assert reach is not None
        assert (reach.exposure.id, reach.through, reach.severity) == ("pods", None, MEDIUM)
    assert Access(Permissions()).reach(API, RISKS, {"pods"}) is None


def test_what_holds_everywhere_is_no_step() -> None:
    objects: list[AnyRole | AnyBinding] = [
        *everywhere("api", "shop", rule("pods")),
        *everywhere("agent", "mon", rule("nodes")),
    ]
    reach = Access(Permissions(objects)).reach(API, RISKS, {"pods"})
    assert reach is not None
    assert (reach.through, reach.severity) == (None, MEDIUM)


ASKED: list[Callable[[Access], object]] = [
    lambda access: access.exposures(API, RISKS),
    lambda access: access.worst(API, RISKS),
    lambda access: access.reach(API, RISKS, {"pods"}),
    lambda access: access.strongest("shop", RISKS),
]


@pytest.mark.parametrize("ask", ASKED)
def test_answers_are_of_now(ask: Callable[[Access], object]) -> None:
    role, binding = everywhere("api", "shop", rule("pods"))
    permissions = Permissions([role, binding])
    before = ask(Access(permissions))
    assert ask(Access(permissions)) == before
    permissions.replace(ClusterRole, None, role.name, ClusterRole(role.metadata, (rule("secrets"),)))
    after = ask(Access(permissions))
    assert after not in (before, None)
    permissions.replace(ClusterRoleBinding, None, binding.name, None)
    assert ask(Access(permissions)) not in (before, after)


def test_another_catalogue_is_asked_anew() -> None:
    permissions = Permissions([*everywhere("api", "shop", rule("pods"))])
    for cluster in (MEDIUM, HIGH, LOW):
        access, changed = Access(permissions), dataclasses.replace(RISKS["pods"], cluster=cluster)
        worst, strongest = access.worst(API, {"pods": changed}), access.strongest("shop", {"pods": changed})
        assert worst is not None
        assert strongest is not None
        assert (worst.severity, strongest.exposure.severity) == (cluster, cluster)
    assert Access(permissions).worst(API, {"none": Risk(((Need(WRITE, ("pods",)),),), "", LOW, LOW, "")}) is None

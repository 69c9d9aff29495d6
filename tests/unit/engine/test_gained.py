"""What somebody has, and what a change gives: by rules, and not by how they are written."""

from collections.abc import Iterable

from gatewright.engine.gained import Gain, gained, granted_by, held
from gatewright.model.meta import Metadata
from gatewright.model.rbac import ALL, ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, RoleRef, Subject
from gatewright.model.rbac_permissions import Permissions
from gatewright.model.rbac_subjects import AnyBinding, AnyRole, service_account

JANE = Subject(kind="User", name="jane")
DEVS = Subject(kind="Group", name="devs")
WEB = Subject(kind="ServiceAccount", name="web")
READ = PolicyRule(("get", "list"), ("",), ("pods",))
URL = PolicyRule(("get",), non_resource_urls=("/metrics",))


def rule(verbs: str, resources: str, *names: str, groups: tuple[str, ...] = ("",)) -> PolicyRule:
    return PolicyRule(tuple(verbs.split()), groups, tuple(resources.split()), names)


def cluster_role(*rules: PolicyRule) -> ClusterRole:
    return ClusterRole(metadata=Metadata(name="team"), rules=rules)


def bound(*subjects: Subject, namespace: str = "shop", name: str = "team") -> RoleBinding:
    metadata = Metadata(name=name, namespace=namespace)
    return RoleBinding(metadata=metadata, role_ref=RoleRef(kind="ClusterRole", name="team"), subjects=subjects)


def everywhere(*subjects: Subject) -> ClusterRoleBinding:
    reference = RoleRef(kind="ClusterRole", name="team")
    return ClusterRoleBinding(metadata=Metadata(name="team"), role_ref=reference, subjects=subjects)


def gains(old: Iterable[AnyRole | AnyBinding], new: Iterable[AnyRole | AnyBinding]) -> list[Gain]:
    return gained(Permissions(old), Permissions(new))


def told(found: Iterable[Gain]) -> list[tuple[str, str | None, tuple[PolicyRule, ...], int]]:
    return [(gain.subject, gain.namespace, gain.rules, gain.number) for gain in found]


def test_a_new_binding_gives_whole_rules() -> None:
    role, new = cluster_role(READ, rule("get", "secrets")), bound(JANE, WEB)
    found = gains([role], [role, new])
    assert told(found) == [
        ("ServiceAccount shop/web", "shop", (READ,), 0),
        ("ServiceAccount shop/web", "shop", (rule("get", "secrets"),), 1),
        ('User "jane"', "shop", (READ,), 0),
        ('User "jane"', "shop", (rule("get", "secrets"),), 1),
    ]
    assert {(gain.binding.name, gain.role.name) for gain in found} == {("team", "team")}


def test_only_the_new_parts_of_a_rule_count_as_few_rules_as_they_make_up() -> None:
    grown = rule("get list watch", "pods secrets configmaps")
    found = gains([cluster_role(READ), bound(JANE)], [cluster_role(grown), bound(JANE)])
    [(_, _, rules, _)] = told(found)
    assert rules == (rule("watch", "pods"), rule("get list watch", "secrets configmaps"))


def test_names_and_groups_are_put_together_again() -> None:
    grown = rule("get", "pods deployments", "a", "b", groups=("", "apps"))
    known = rule("get", "pods", "a")
    [(_, _, rules, _)] = told(gains([cluster_role(known), bound(JANE)], [cluster_role(grown), bound(JANE)]))
    assert {(one.api_groups, one.resources, one.resource_names) for one in rules} == {
        (("",), ("pods", "deployments"), ("b",)),
        (("",), ("deployments",), ("a",)),
        (("apps",), ("pods", "deployments"), ("a", "b")),
    }


def test_wildcards_are_new_to_whoever_had_a_list() -> None:
    every = rule(ALL, "pods")
    [(_, _, rules, _)] = told(gains([cluster_role(READ), bound(JANE)], [cluster_role(every), bound(JANE)]))
    assert rules == (every,)
    assert gains([cluster_role(every), bound(JANE)], [cluster_role(READ), bound(JANE)]) == []


def test_what_they_had_by_another_binding_or_group_is_not_new() -> None:
    before: list[AnyRole | AnyBinding] = [
        cluster_role(READ),
        everywhere(Subject(kind="Group", name="system:authenticated")),
    ]
    assert gains(before, [*before, bound(JANE, WEB)]) == []
    before = [cluster_role(READ), bound(JANE, name="other")]
    assert gains(before, [cluster_role(READ), bound(JANE)]) == []


def test_from_a_namespace_to_everywhere() -> None:
    found = gains([cluster_role(READ), bound(JANE)], [cluster_role(READ), everywhere(JANE)])
    assert told(found) == [('User "jane"', None, (READ,), 0)]


def test_the_same_by_two_bindings_is_told_once() -> None:
    found = gains([], [cluster_role(READ), bound(JANE), bound(JANE, name="again"), bound(JANE, namespace="mon")])
    assert [gain[:2] for gain in told(found)] == [('User "jane"', "mon"), ('User "jane"', "shop")]


def test_a_url_is_gained_everywhere_alone() -> None:
    role = cluster_role(URL)
    assert gains([role], [role, bound(JANE)]) == []
    assert told(gains([role], [role, everywhere(JANE)])) == [('User "jane"', None, (URL,), 0)]


def test_a_binding_to_nothing_and_to_nobody_gives_nothing() -> None:
    assert gains([], [bound(JANE)]) == []
    assert gains([], [cluster_role(READ), bound()]) == []
    assert gains([], [cluster_role(READ), bound(Subject(kind="Robot", name="r"))]) == []
    assert gains([], [cluster_role(READ), everywhere(WEB)]) == []


def test_all_that_somebody_has_and_where() -> None:
    role = Role(metadata=Metadata(name="team", namespace="shop"), rules=(READ,))
    own = RoleBinding(
        metadata=Metadata(name="own", namespace="shop"), role_ref=RoleRef(kind="Role", name="team"), subjects=(WEB,)
    )
    permissions = Permissions([cluster_role(READ, URL), everywhere(DEVS), bound(WEB), role, own])
    web = service_account("shop", "web")
    found = held(web, "", permissions)
    assert [(place, grant.binding.name, granted_by(grant)) for place, grant in found] == [
        ("shop", "own", 0),
        ("shop", "team", 0),
    ]
    assert held(web, "mon", permissions) == []
    assert [grant.rule for _, grant in held(web, "shop", permissions)] == [READ, READ]

"""What a role or a binding newly gives, where, and to whom."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from gatewright.engine.granting import granted
from gatewright.engine.views import Views
from gatewright.engine.world import ClosedWorld
from gatewright.model import baseline
from gatewright.model.path import Path
from gatewright.model.rbac import PolicyRule
from gatewright.model.version import NEWEST
from gatewright.policy import Grants, Holder
from tests.builders import Object, request

GROUP = "rbac.authorization.k8s.io"
Rule = dict[str, list[str]]


def rule(verbs: str, resources: str, group: str = "") -> Rule:
    return {"verbs": verbs.split(), "resources": resources.split(), "apiGroups": [group]}


def part(verb: str, resource: str, group: str = "") -> PolicyRule:
    return PolicyRule((verb,), (group,), (resource,))


def made(kind: str, name: str, namespace: str = "", **more: Any) -> Object:
    place = {"namespace": namespace} if namespace else {}
    return {"apiVersion": f"{GROUP}/v1", "kind": kind, "metadata": {"name": name, **place}, **more}


def bound(kind: str, name: str, namespace: str, role: str, *subjects: Object) -> Object:
    ref = {"apiGroup": GROUP, "kind": "ClusterRole", "name": role}
    return made(kind, name, namespace, roleRef=ref, subjects=list(subjects))


def user(name: str) -> Object:
    return {"kind": "User", "name": name, "apiGroup": GROUP}


def account(name: str, namespace: str = "") -> Object:
    return {"kind": "ServiceAccount", "name": name, **({"namespace": namespace} if namespace else {})}


def grants(
    item: Object, old: Object | None = None, cluster: Iterable[Object] = ()
) -> tuple[Grants, Callable[[Any], Path]]:
    """What it gives, and how to find the place of a node in it."""
    world, review = ClosedWorld(cluster), request(item, old)
    new = Views(review, review.object, ())
    before = Views(review, review.old_object, ()) if old else None
    found = granted(
        f"{item['kind']}.{GROUP}", new, before, world.permissions(), lambda kind, *place: world.store(kind).get(*place)
    )
    return found, new.path_of


ROLE = made("ClusterRole", "r", rules=[rule("get", "pods"), rule("get list", "nodes secrets")])


def given(found: Grants) -> list[PolicyRule]:
    return [one.rule for one in found.rules]


def told(found: Grants) -> list[str]:
    return [holder.name for holder in found.holders]


def test_a_role_gives_its_rules_to_nobody_yet() -> None:
    found, path_of = grants(ROLE)
    assert [(path_of(one.node) + one.field, one.said) for one in found.rules] == [
        (("rules", 0), 'rules[0] of ClusterRole "r"'),
        (("rules", 1), 'rules[1] of ClusterRole "r"'),
    ]
    assert (found.holders, found.namespaces, found.is_exposed, found.is_role) == ((), (), False, True)


def test_on_an_update_the_parts_that_are_new() -> None:
    old = made("ClusterRole", "r", rules=[rule("list", "nodes"), rule("get", "pods secrets")])
    found, path_of = grants(ROLE, old)
    assert given(found) == [part("get", "nodes"), part("list", "secrets")]
    assert [path_of(one.node) for one in found.rules] == [("rules", 1)] * 2
    assert found.before == (part("list", "nodes"), PolicyRule(("get",), ("",), ("pods", "secrets")))
    assert given(grants(old, ROLE)[0]) == []


def test_an_old_object_that_cannot_be_read_gave_nothing() -> None:
    assert len(given(grants(ROLE, made("ClusterRole", "r", rules="none"))[0])) == 2


@pytest.mark.parametrize(
    ("cluster", "namespaces", "holders"),
    [
        ([bound("ClusterRoleBinding", "b", "", "r", user("jane"))], (), ['User "jane"']),
        ([bound("RoleBinding", "b", "mon", "r", account("agent"))], ("mon",), ["ServiceAccount mon/agent"]),
        (
            [
                bound("RoleBinding", "b", "shop", "r", user("jane")),
                bound("RoleBinding", "b", "mon", "r", account("agent", "x")),
                bound("RoleBinding", "c", "mon", "r", user("system:serviceaccount:mon:agent")),
            ],
            ("mon", "shop"),
            ["ServiceAccount x/agent", "ServiceAccount mon/agent", 'User "jane"'],
        ),
        (
            [
                bound("RoleBinding", "b", "shop", "r", user("jane")),
                bound("ClusterRoleBinding", "b", "", "r", account("nowhere"), {"kind": "Group", "name": "ops"}),
            ],
            (),
            ['Group "ops"', 'User "jane"'],
        ),
        ([bound("ClusterRoleBinding", "b", "", "another", user("jane"))], (), []),
    ],
)
def test_where_a_role_holds_and_who_has_it(
    cluster: list[Object], namespaces: tuple[str, ...], holders: list[str]
) -> None:
    found, _ = grants(ROLE, cluster=cluster)
    assert (found.namespaces, told(found), found.is_exposed) == (namespaces, holders, bool(holders))


def test_a_role_holds_in_its_namespace() -> None:
    for namespace, where in (("shop", ("shop",)), ("", ("default",))):
        assert grants(made("Role", "r", namespace, rules=[]))[0].namespaces == where


def test_whoever_has_an_aggregated_role_has_what_joins_it() -> None:
    selector = {"clusterRoleSelectors": [{"matchLabels": {"to": "all"}}]}
    cluster = [
        made("ClusterRole", "all", aggregationRule=selector),
        bound("ClusterRoleBinding", "b", "", "all", user("jane")),
    ]
    joined = ROLE | {"metadata": {"name": "r", "labels": {"to": "all"}}}
    assert told(grants(joined, cluster=cluster)[0]) == ['User "jane"']
    assert told(grants(ROLE, cluster=cluster)[0]) == []


def test_a_binding_gives_the_rules_of_its_role() -> None:
    found, path_of = grants(bound("ClusterRoleBinding", "b", "", "r", user("jane"), account("a", "x")), cluster=[ROLE])
    assert [(path_of(one.node) + one.field, one.said) for one in found.rules] == [
        (("roleRef", "name"), 'rules[0] of ClusterRole "r"'),
        (("roleRef", "name"), 'rules[1] of ClusterRole "r"'),
    ]
    assert (told(found), found.namespaces, found.is_role) == (['User "jane"', "ServiceAccount x/a"], (), False)
    assert [path_of(holder.subject) for holder in found.holders] == [("subjects", 0), ("subjects", 1)]
    assert [holder.namespace for holder in found.holders] == ["", ""]


def test_a_role_binding_gives_them_in_its_namespace() -> None:
    found, _ = grants(bound("RoleBinding", "b", "shop", "r", account("a")), cluster=[ROLE, made("Role", "r", "shop")])
    assert (found.namespaces, len(found.rules), told(found)) == (("shop",), 2, ["ServiceAccount shop/a"])
    assert [holder.namespace for holder in found.holders] == ["shop"]


def test_a_role_is_that_of_the_namespace() -> None:
    binding = bound("RoleBinding", "b", "shop", "r", user("jane"))
    binding["roleRef"]["kind"] = "Role"
    roles = [
        ROLE,
        made("Role", "r", "mon", rules=[rule("get", "x")]),
        made("Role", "r", "shop", rules=[rule("get", "y")]),
    ]
    assert given(grants(binding, cluster=roles)[0]) == [part("get", "y")]
    found = grants(binding, cluster=roles[:2])[0]
    assert (found.rules, found.role, found.missing and found.missing.name) == ((), None, "r")


def test_what_is_missing_is_the_role_of_a_binding() -> None:
    binding = bound("ClusterRoleBinding", "b", "", "r", user("jane"))
    assert grants(binding)[0].missing is not None
    assert grants(binding, cluster=[ROLE])[0].missing is None
    assert grants(ROLE)[0].missing is None


def test_a_binding_gives_to_those_who_are_new_alone() -> None:
    old = bound("RoleBinding", "b", "shop", "r", user("jane"), account("a"), user("system:serviceaccount:x:b"))
    new = bound(
        "RoleBinding", "b", "shop", "r", account("b", "x"), account("a", "shop"), account("a", "mon"), user("joe")
    )
    found, _ = grants(new, old, [ROLE])
    assert (told(found), len(found.rules)) == (["ServiceAccount mon/a", 'User "joe"'], 2)
    found, _ = grants(old, old, [ROLE])
    assert (told(found), found.rules) == ([], ())


def test_nobody_is_given_nothing() -> None:
    for subjects in ([], [account("nowhere")], [{"kind": "Pod", "name": "x"}]):
        found, _ = grants(bound("ClusterRoleBinding", "b", "", "r", *subjects), cluster=[ROLE])
        assert (found.rules, found.holders) == ((), ())


def test_a_changed_aggregation_gives_what_it_comes_to() -> None:
    def selecting(team: str) -> Object:
        return made("ClusterRole", "all", aggregationRule={"clusterRoleSelectors": [{"matchLabels": {"team": team}}]})

    lent = made("ClusterRole", "lent", rules=[rule("get", "secrets")])
    lent["metadata"]["labels"] = {"team": "b"}
    cluster = [selecting("a"), lent, bound("ClusterRoleBinding", "b", "", "all", user("jane"))]
    found, path_of = grants(selecting("b"), selecting("a"), cluster)
    assert (given(found), told(found), found.is_exposed) == ([part("get", "secrets")], ['User "jane"'], True)
    assert [(path_of(one.node) + one.field, one.said) for one in found.rules] == [
        (("aggregationRule", "clusterRoleSelectors"), 'the aggregationRule of ClusterRole "all"')
    ]
    assert given(grants(selecting("b"), None, cluster)[0]) == [part("get", "secrets")]
    for new, old in (("a", "b"), ("b", "b")):
        assert given(grants(selecting(new), selecting(old), cluster)[0]) == []


def test_what_holders_have_besides() -> None:
    cluster = [
        made("ClusterRole", "s", rules=[rule("get", "services")]),
        ROLE,
        bound("ClusterRoleBinding", "s", "", "s", user("jane")),
        bound("RoleBinding", "mine", "shop", "r", user("jane")),
        bound("RoleBinding", "elsewhere", "mon", "r", user("jane")),
    ]
    binding = bound("RoleBinding", "mine", "shop", "r", user("jane"), user("joe"))
    jane, joe = grants(binding, cluster=cluster)[0].holders
    assert (besides(jane), besides(joe)) == ([part("get", "services")], [])
    everywhere = grants(bound("ClusterRoleBinding", "new", "", "r", user("jane")), cluster=cluster)[0].holders
    assert [one.only_in for one in everywhere] == ["", "mon", "shop"]
    services, rules = (
        part("get", "services"),
        [part("get", "pods"), PolicyRule(("get", "list"), ("",), ("nodes", "secrets"))],
    )
    assert list(map(besides, everywhere)) == [[services], [services, *rules], [services, *rules]]
    first, second = grants(ROLE, cluster=cluster)[0].holders
    assert besides(first) == besides(second) == [part("get", "services")]


def besides(holder: Holder) -> list[PolicyRule]:
    """Without what everybody has."""
    return [one for one in holder.held() if one.api_groups == ("",)]


def recorded(name: str, kind: str) -> Object:
    return next(one for one in baseline.objects(NEWEST) if (one["metadata"]["name"], one["kind"]) == (name, kind))


def test_what_every_cluster_has_gives_nothing_new() -> None:
    role, binding = recorded("system:discovery", "ClusterRole"), recorded("system:discovery", "ClusterRoleBinding")
    assert grants(role)[0].rules == ()
    assert given(grants({**role, "rules": [*role["rules"], rule("get", "pods")]})[0]) == [part("get", "pods")]
    assert grants(binding, cluster=[role])[0].holders == ()
    more = {**binding, "subjects": [*binding["subjects"], user("jane")]}
    assert told(grants(more, cluster=[role])[0]) == ['User "jane"']


@pytest.mark.parametrize(
    ("binding", "usual", "rules"),
    [
        (bound("RoleBinding", "b", "shop", "view", user("jane")), True, False),
        (bound("RoleBinding", "b", "shop", "view", {"kind": "Group", "name": "system:authenticated"}), False, True),
        (bound("ClusterRoleBinding", "b", "", "view", user("jane")), False, True),
        (bound("RoleBinding", "b", "shop", "system:discovery", user("jane")), False, True),
        (bound("RoleBinding", "b", "shop", "view"), False, False),
    ],
)
def test_what_is_usual_in_a_namespace(binding: Object, usual: bool, rules: bool) -> None:
    found, _ = grants(binding, cluster=baseline.objects(NEWEST))
    assert (bool(found.usual), bool(found.rules)) == (usual, rules)


def test_what_was_added_to_a_usual_role() -> None:
    more = made("ClusterRole", "more", rules=[rule("get", "gadgets", "example.com")])
    more["metadata"]["labels"] = {"rbac.authorization.k8s.io/aggregate-to-view": "true"}
    binding = bound("RoleBinding", "b", "shop", "view", user("jane"))
    found, _ = grants(binding, cluster=[*baseline.objects(NEWEST), more])
    assert given(found) == [part("get", "gadgets", "example.com")]
    assert len(found.usual) > 10

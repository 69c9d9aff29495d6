from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatewright.model import rbac_permissions
from gatewright.model.meta import Metadata
from gatewright.model.rbac import (
    AggregationRule,
    ClusterRole,
    ClusterRoleBinding,
    PolicyRule,
    Role,
    RoleBinding,
    RoleRef,
    Subject,
)
from gatewright.model.rbac_permissions import Permissions
from gatewright.model.rbac_rules import Request, grants
from gatewright.model.rbac_subjects import EVERYWHERE, AnyBinding, AnyRole, Grant, applies, rules_for, service_account
from gatewright.model.review import UserInfo
from gatewright.model.selector import LabelSelector
from tests.unit.model.test_rbac_subjects import Cluster, group, sa, user

ALICE = UserInfo(username="alice", groups=("dev",))
AGENT = service_account("mon", "agent")
GET = PolicyRule(("get",), ("",), ("pods",))
URL = PolicyRule(("get",), non_resource_urls=("/metrics",))


def meta(name: str, namespace: str = "") -> Metadata:
    return Metadata(name=name, namespace=namespace)


def ref(kind: str, name: str) -> RoleRef:
    return RoleRef("rbac.authorization.k8s.io", kind, name)


READER = ClusterRole(meta("reader"), (PolicyRule(("list",), ("",), ("nodes",)), GET, URL))
LOCAL = Role(meta("reader", "shop"), (GET,))
ALL = ClusterRoleBinding(
    meta("z"), ref("ClusterRole", "reader"), (user("bob"), group("dev"), group("dev"), sa("nobody"))
)
SHOP = RoleBinding(meta("a", "shop"), ref("Role", "reader"), (sa("agent", "mon"), sa("web"), user("alice")))
MON = RoleBinding(meta("m", "mon"), ref("ClusterRole", "reader"), (sa("agent"), group("system:serviceaccounts:mon")))
OBJECTS: list[AnyRole | AnyBinding] = [MON, SHOP, ALL, READER, LOCAL]
CLUSTER = Permissions(OBJECTS)


@pytest.mark.parametrize(
    ("who", "request_", "given"),
    [
        (ALICE, Request("get", "pods", namespace="shop"), Grant(GET, ALL, READER, ALL.subjects[1])),
        (ALICE, Request("get", "pods", namespace="elsewhere"), Grant(GET, ALL, READER, ALL.subjects[1])),
        (ALICE, Request("get", "pods"), Grant(GET, ALL, READER, ALL.subjects[1])),
        (ALICE, Request("delete", "pods", namespace="shop"), None),
        (
            UserInfo(username="alice"),
            Request("get", "pods", namespace="shop"),
            Grant(GET, SHOP, LOCAL, SHOP.subjects[2]),
        ),
        (UserInfo(username="alice"), Request("get", "pods", namespace="mon"), None),
        (UserInfo(username="alice"), Request("get", "pods"), None),
        (AGENT, Request("get", "pods", namespace="shop"), Grant(GET, SHOP, LOCAL, SHOP.subjects[0])),
        (AGENT, Request("get", "pods", namespace="mon"), Grant(GET, MON, READER, MON.subjects[0])),
        (
            service_account("mon", "x"),
            Request("get", "pods", namespace="mon"),
            Grant(GET, MON, READER, MON.subjects[1]),
        ),
        (
            service_account("shop", "web"),
            Request("get", "pods", namespace="shop"),
            Grant(GET, SHOP, LOCAL, SHOP.subjects[1]),
        ),
        (service_account("shop", "agent"), Request("get", "pods", namespace="shop"), None),
        # URLs that are no resource: only from everywhere, whatever the namespace.
        (ALICE, Request("get", path="/metrics"), Grant(URL, ALL, READER, ALL.subjects[1])),
        (AGENT, Request("get", path="/metrics"), None),
        (AGENT, Request("get", path="/metrics", namespace="mon"), None),
        (UserInfo(), Request("get", "pods", namespace="shop"), None),
    ],
)
def test_who_can_what(who: UserInfo, request_: Request, given: Grant | None) -> None:
    assert CLUSTER.can(who, request_) == given


def test_who_can() -> None:
    everywhere = [Grant(GET, ALL, READER, subject) for subject in ALL.subjects[:3]]  # the fourth is nobody
    assert CLUSTER.who_can(Request("get", "pods")) == everywhere
    assert CLUSTER.who_can(Request("get", "pods", namespace="shop")) == [
        *everywhere,
        *(Grant(GET, SHOP, LOCAL, subject) for subject in SHOP.subjects),
    ]
    assert CLUSTER.who_can(Request("get", "pods", namespace="mon")) == [
        *everywhere,
        *(Grant(GET, MON, READER, subject) for subject in MON.subjects),
    ]
    assert [given.binding for given in CLUSTER.who_can(Request("get", path="/metrics", namespace="mon"))] == [ALL] * 3
    assert CLUSTER.who_can(Request("delete", "pods", namespace="shop")) == []


def test_where_somebody_is_bound() -> None:
    assert CLUSTER.namespaces(AGENT) == ["mon", "shop"]
    assert CLUSTER.namespaces(ALICE) == ["shop"]
    assert CLUSTER.namespaces(UserInfo(username="nobody", groups=("dev",))) == []


def test_bindings_by_name() -> None:
    first = ClusterRoleBinding(meta("b"), ref("ClusterRole", "reader"), (group("dev"),))
    both = Permissions([ALL, first, SHOP])
    assert both.bindings(ALICE, EVERYWHERE) == [first, ALL]
    assert both.bindings(ALICE, "shop") == [SHOP]
    assert both.bindings(ALICE, "mon") == []


def test_bindings_to_a_role() -> None:
    assert CLUSTER.bindings_to(EVERYWHERE, "reader") == [ALL, MON]
    assert CLUSTER.bindings_to("shop", "reader") == [SHOP]
    assert CLUSTER.bindings_to("mon", "reader") == []
    dangling = ClusterRoleBinding(meta("d"), ref("ClusterRole", "gone"), (user("eve"),))
    astray = ClusterRoleBinding(meta("e"), ref("Role", "reader"), (user("eve"),))
    assert Permissions([READER, dangling, astray]).bindings_to(EVERYWHERE, "gone") == [dangling]
    assert Permissions([READER, dangling, astray]).bindings_to(EVERYWHERE, "reader") == []


def test_what_is_in_no_namespace_gives_nothing() -> None:
    stray = RoleBinding(meta("s"), ref("ClusterRole", "reader"), (user("eve"),))
    role = Role(meta("reader"), (PolicyRule(("*",), ("*",), ("*",)),))
    crossed = ClusterRoleBinding(meta("c"), ref("ClusterRole", "reader"), (user("alice"),))
    cluster = Permissions([READER, stray, role, crossed])
    assert cluster.can(UserInfo(username="eve"), Request("get", "pods")) is None
    assert cluster.role(EVERYWHERE, "reader") is READER
    assert cluster.can(UserInfo(username="alice"), Request("delete", "pods")) is None
    cluster.replace(Role, None, "reader", None)
    cluster.replace(RoleBinding, "", "c", None)
    assert cluster.can(UserInfo(username="alice"), Request("get", "pods")) is not None


def test_a_namespace_that_a_cluster_scoped_object_claims_is_none() -> None:
    liar = ClusterRoleBinding(meta("c", "shop"), ref("ClusterRole", "reader"), (user("eve"), sa("web")))
    cluster = Permissions([ClusterRole(meta("reader", "shop"), (GET,)), liar])
    assert cluster.can(UserInfo(username="eve"), Request("get", "pods")) is not None
    assert cluster.can(service_account("shop", "web"), Request("get", "pods", namespace="shop")) is None
    cluster.replace(ClusterRoleBinding, "shop", "c", None)
    assert cluster.can(UserInfo(username="eve"), Request("get", "pods")) is None


def test_aggregated_roles_have_the_rules_that_they_come_to() -> None:
    view = ClusterRole(meta("view"), (), AggregationRule((LabelSelector({"a": "b"}),)))
    source = ClusterRole(Metadata(name="source", labels={"a": "b"}), (GET,))
    bound = RoleBinding(meta("v", "shop"), ref("ClusterRole", "view"), (group("dev"),))
    request = Request("get", "pods", namespace="shop")
    cluster = Permissions([view, bound])
    assert cluster.can(ALICE, request) is None
    cluster.replace(ClusterRole, None, "source", source)
    whole = ClusterRole(view.metadata, (GET,), view.aggregation_rule)
    assert cluster.can(ALICE, request) == Grant(GET, bound, whole, bound.subjects[0])
    assert cluster.who_can(request) == [Grant(GET, bound, whole, bound.subjects[0])]
    assert cluster.role(EVERYWHERE, "view") == whole
    assert cluster.role("shop", "view") is None
    cluster.replace(ClusterRole, None, "source", None)
    assert cluster.can(ALICE, request) is None


WORDS = st.sampled_from(["a", "b"])
SUBJECTS = st.lists(
    st.one_of(
        st.builds(user, st.sampled_from(["a", "b", "system:serviceaccount:a:a"])),
        st.builds(group, st.sampled_from(["a", "b", "system:serviceaccounts", "system:serviceaccounts:a"])),
        st.builds(sa, WORDS, st.sampled_from(["", "a", "b"])),
        st.builds(Subject, st.just(""), st.just("Pod"), WORDS),
    ),
    max_size=3,
).map(tuple)
RULES = st.lists(
    st.builds(PolicyRule, st.tuples(st.sampled_from(["get", "*"])), st.just(("",)), st.tuples(WORDS)), max_size=2
).map(tuple)
REFS = st.builds(ref, st.sampled_from(["Role", "ClusterRole"]), WORDS)
HERE, NOWHERE = st.builds(meta, WORDS, WORDS), st.builds(meta, WORDS)
CHANGES = st.lists(
    st.tuples(
        st.booleans(),
        st.one_of(
            st.builds(Role, HERE, RULES),
            st.builds(ClusterRole, NOWHERE, RULES),
            st.builds(RoleBinding, HERE, REFS, SUBJECTS),
            st.builds(ClusterRoleBinding, NOWHERE, REFS, SUBJECTS),
        ),
    ),
    max_size=25,
)
PEOPLE = [
    *(UserInfo(username="a", groups=("b",)), UserInfo(username="b", groups=("a", "b")), UserInfo(groups=("a",))),
    *(service_account(namespace, name) for namespace in "ab" for name in "ab"),
]
REQUESTS = [Request("get", "a"), Request("get", "a", namespace="a"), Request("list", "b", namespace="b")]


def last(changes: Sequence[tuple[bool, AnyRole | AnyBinding]]) -> list[AnyRole | AnyBinding]:
    """What is left after all the changes: of each object the newest version, unless that is its deletion."""
    newest = {(type(each), each.namespace, each.name): (there, each) for there, each in changes}
    return [each for there, each in newest.values() if there]


@settings(deadline=None, max_examples=200)
@given(CHANGES)
def test_it_says_what_a_search_of_everything_says(changes: list[tuple[bool, AnyRole | AnyBinding]]) -> None:
    kept, left = Permissions(), last(changes)
    for there, each in changes:
        kept.replace(type(each), each.namespace, each.name, each if there else None)
    searched = Cluster(*sorted(left, key=lambda each: each.name))
    for who in PEOPLE:
        for namespace in ("", "a", "b"):
            assert list(rules_for(who, namespace, kept)) == list(rules_for(who, namespace, searched))
        for request in REQUESTS:
            granting = [given for given in rules_for(who, request.namespace, searched) if grants(given.rule, request)]
            assert kept.can(who, request) == next(iter(granting), None)
            told = kept.who_can(request)
            theirs = [given for given in told if applies(given.subject, who, given.binding.metadata.namespace)]
            assert {named(given) for given in theirs} == {named(given) for given in granting}
            assert all(grants(given.rule, request) for given in told)


def named(given: Grant) -> tuple[str, str]:
    return given.binding.metadata.namespace, given.binding.name


@settings(deadline=None)
@given(CHANGES)
def test_nothing_is_kept_of_what_is_gone(changes: list[tuple[bool, AnyRole | AnyBinding]]) -> None:
    kept = Permissions(each for _, each in changes)
    for _, each in changes:
        kept.replace(type(each), each.namespace, each.name, None)
    assert not any(vars(kept).values())


def test_an_answer_is_kept_until_something_changes() -> None:
    cluster, asked = Permissions(), list[str]()

    def answer() -> int:
        asked.append("")
        return len(asked)

    assert [cluster.kept("a", answer), cluster.kept("a", answer), cluster.kept("b", answer)] == [1, 1, 2]
    for changed, after in ((LOCAL, 3), (READER, 4), (SHOP, 5), (ALL, 6)):
        cluster.replace(type(changed), changed.namespace, changed.name, changed)
        assert [cluster.kept("a", answer), cluster.kept("a", answer)] == [after, after]
    cluster.replace(type(ALL), None, ALL.name, None)
    assert cluster.kept("a", answer) == 7


def test_not_every_answer_is_kept_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rbac_permissions, "MOST_KEPT", 2)
    cluster = Permissions()
    for about in range(3):
        cluster.kept(about, lambda: "first")
    assert [cluster.kept(about, lambda: "second") for about in (2, 0)] == ["first", "second"]


def test_accounts_by_namespace() -> None:
    binding = ClusterRoleBinding(
        meta("x"), ref("ClusterRole", "reader"), (sa("b", "ns"), sa("a", "ns"), user("system:serviceaccount:ns:c"))
    )
    cluster = Permissions([binding, RoleBinding(meta("y", "ns"), ref("Role", "r"), (sa("a"), sa("d", "other")))])
    assert (cluster.accounts("ns"), cluster.accounts("other"), cluster.accounts("")) == (["a", "b", "c"], ["d"], [])
    cluster.replace(ClusterRoleBinding, None, "x", None)
    assert cluster.accounts("ns") == ["a"]

import functools
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any, TypeVar

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import astuple, replace

from gatewright.model.baseline import extra_rules, extra_subjects, is_bootstrap, is_kubeadm, objects, recorded
from gatewright.model.baseline_kubeadm import KUBEADM
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
from gatewright.model.rbac_aggregation import aggregated
from gatewright.model.rbac_rules import breakdown
from gatewright.model.selector import LabelSelector
from gatewright.model.version import NEWEST, V

T = TypeVar("T")
MODELS: dict[str, type[Any]] = {kind.__name__: kind for kind in (Role, ClusterRole, RoleBinding, ClusterRoleBinding)}
SECRETS = PolicyRule(("get",), ("",), ("secrets",))
MALLORY = Subject("rbac.authorization.k8s.io", "User", "mallory")
VOLUMES = "system:controller:persistent-volume-binder"
"""A role that could read Services until 1.35."""


@functools.cache
def made(minor: V = NEWEST) -> tuple[Any, ...]:
    return tuple(msgspec.convert(item, MODELS[item["kind"]]) for item in objects(minor))


def one(kind: type[Any], name: str, minor: V = NEWEST) -> Any:
    return next(item for item in made(minor) if type(item) is kind and item.name == name)


def renamed(item: Any, **changes: Any) -> Any:
    return replace(item, metadata=replace(item.metadata, **changes))


def singles(rules: Iterable[PolicyRule]) -> tuple[PolicyRule, ...]:
    return tuple(single for rule in rules for single in breakdown(rule))


def same_place(one: Any, other: Any) -> bool:
    return (type(one), one.namespace, one.name) == (type(other), other.namespace, other.name)


# What is recorded.


def test_the_minors_that_are_recorded() -> None:
    assert recorded() == (V(1, 34), V(1, 35), V(1, 36), V(1, 37))
    assert recorded()[-1] == NEWEST


@pytest.mark.parametrize(("minor", "roles"), [(V(1, 34), 68), (V(1, 35), 68), (V(1, 36), 69), (V(1, 37), 73)], ids=str)
def test_a_file_has_all_kinds(minor: V, roles: int) -> None:
    counted = Counter(item["kind"] for item in objects(minor))
    assert counted == {"ClusterRole": roles, "ClusterRoleBinding": roles - 19, "Role": 7, "RoleBinding": 7}


@pytest.mark.parametrize(
    ("asked", "nearest"), [(V(1, 20), V(1, 34)), (V(1, 35), V(1, 35)), (V(1, 40), V(1, 37))], ids=str
)
def test_the_nearest_minor_stands_for_one_that_is_not_recorded(asked: V, nearest: V) -> None:
    assert objects(asked) == objects(nearest)
    assert sum(objects(asked) == objects(minor) for minor in recorded()) == 1


def test_objects_are_whole_manifests_of_the_callers_own() -> None:
    wanted = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {
            "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"},
            "name": "system:controller:bootstrap-signer",
            "namespace": "kube-public",
        },
        "roleRef": {
            "apiGroup": "rbac.authorization.k8s.io",
            "kind": "Role",
            "name": "system:controller:bootstrap-signer",
        },
        "subjects": [{"kind": "ServiceAccount", "name": "bootstrap-signer", "namespace": "kube-system"}],
    }
    found = [item for item in objects(NEWEST) if item["metadata"].get("namespace") == "kube-public"]
    assert found[1] == wanted
    found[1].clear()
    assert wanted in objects(NEWEST)


def test_aggregated_roles_come_to_their_rules_by_labels() -> None:
    roles = [item for item in made() if isinstance(item, ClusterRole)]
    assert {item.name for item in roles if item.aggregation_rule} == {"admin", "edit", "view"}
    assert not [item.name for item in roles if bool(item.rules) is bool(item.aggregation_rule)]
    rules = aggregated(roles)
    own = one(ClusterRole, "system:aggregate-to-edit").rules
    assert rules["edit"] == tuple(dict.fromkeys(own + one(ClusterRole, "system:aggregate-to-view").rules))


# Which objects are the API server's own.


@pytest.mark.parametrize("minor", recorded(), ids=str)
def test_all_that_is_recorded_is_known(minor: V) -> None:
    assert [item.name for item in made(minor) if not is_bootstrap(item)] == []


@pytest.mark.parametrize("item", made(), ids=lambda item: f"{type(item).__name__}-{item.name}")
def test_an_object_of_another_name_namespace_or_kind_is_not(item: Any) -> None:
    assert not is_bootstrap(renamed(item, name=f"{item.name}x"))
    assert not is_bootstrap(renamed(item, namespace="shop"))
    kind: dict[type[Any], type[Any]]
    kind = {Role: ClusterRole, ClusterRole: Role, RoleBinding: ClusterRoleBinding, ClusterRoleBinding: RoleBinding}
    fields = {name: getattr(item, name) for name in kind[type(item)].__struct_fields__ if hasattr(item, name)}
    assert not is_bootstrap(kind[type(item)](**fields))


@pytest.mark.parametrize("item", [i for i in made() if hasattr(i, "rules")], ids=lambda item: item.name)
def test_a_role_is_that_gives_the_same_and_nothing_else(item: Any) -> None:
    assert is_bootstrap(renamed(item, labels={"any": "thing"}, annotations={"any": "thing"}))
    assert is_bootstrap(replace(item, rules=singles(item.rules)[::-1]))
    assert not is_bootstrap(replace(item, rules=(*item.rules, PolicyRule(("own",), ("x",), ("y",)))))
    of_minors = [set(singles(role.rules)) for minor in recorded() for role in made(minor) if same_place(role, item)]
    for index, rule in enumerate(item.rules):
        before, after = item.rules[:index], item.rules[index + 1 :]
        fewer = before + after
        assert is_bootstrap(replace(item, rules=fewer)) is (set(singles(fewer)) in of_minors)
        for name in ("verbs", "non_resource_urls") if rule.non_resource_urls else PolicyRule.__struct_fields__:
            more = replace(rule, **{name: (*getattr(rule, name), "own")})
            assert not is_bootstrap(replace(item, rules=(*before, more, *after)))


@settings(max_examples=20)  # a random number of hypothesis' takes its time
@given(st.randoms(use_true_random=False))
def test_the_order_of_a_role_says_nothing(random: Random) -> None:
    def shuffled(items: Sequence[T]) -> tuple[T, ...]:
        return tuple(random.sample(items, len(items)))

    item = one(ClusterRole, "system:node")
    rules = [PolicyRule(*map(shuffled, astuple(rule))) for rule in shuffled(item.rules)]
    assert is_bootstrap(replace(item, rules=(*rules, random.choice(rules))))


@pytest.mark.parametrize("item", [i for i in made() if hasattr(i, "role_ref")], ids=lambda item: item.name)
def test_a_binding_is_that_has_the_same_role_and_subjects(item: Any) -> None:
    assert is_bootstrap(replace(item, subjects=(*item.subjects, *item.subjects)[::-1]))
    assert not is_bootstrap(replace(item, subjects=(*item.subjects, MALLORY)))
    assert not is_bootstrap(replace(item, role_ref=RoleRef(item.role_ref.api_group, item.role_ref.kind, "admin")))
    for name in RoleRef.__struct_fields__:
        assert not is_bootstrap(replace(item, role_ref=replace(item.role_ref, **{name: "x"})))
    for index, subject in enumerate(item.subjects):
        before, after = item.subjects[:index], item.subjects[index + 1 :]
        assert not is_bootstrap(replace(item, subjects=before + after))
        for name in Subject.__struct_fields__:
            changed = replace(subject, **{name: "x"})
            assert not is_bootstrap(replace(item, subjects=(*before, changed, *after)))


def test_a_file_may_leave_out_the_group_of_a_subject_and_of_a_role() -> None:
    item = one(ClusterRoleBinding, "cluster-admin")
    short = replace(
        item, role_ref=replace(item.role_ref, api_group=""), subjects=(Subject("", "Group", "system:masters"),)
    )
    assert is_bootstrap(short)
    account = one(ClusterRoleBinding, "system:controller:job-controller")
    other = replace(account.subjects[0], api_group="rbac.authorization.k8s.io")
    assert not is_bootstrap(replace(account, subjects=(other,)))


# Aggregated roles, and clusters that have been updated.


def test_an_aggregated_role_may_have_its_rules_or_not_yet() -> None:
    rules = aggregated(item for item in made() if isinstance(item, ClusterRole))
    for name in ("admin", "edit", "view"):
        item = replace(one(ClusterRole, name), rules=rules[name])
        assert is_bootstrap(item)
        assert is_bootstrap(replace(item, rules=item.rules[:3]))
        assert not is_bootstrap(replace(item, rules=(*item.rules, PolicyRule(("get",), ("*",), ("*",)))))
        assert not is_bootstrap(replace(item, aggregation_rule=None))
    assert not is_bootstrap(replace(one(ClusterRole, "view"), rules=rules["edit"]))


@pytest.mark.parametrize(
    "selectors",
    [(), (LabelSelector(),), (LabelSelector({"rbac.authorization.k8s.io/aggregate-to-edit": "true"}), LabelSelector())],
)
def test_an_aggregated_role_that_selects_other_roles_is_not(selectors: tuple[LabelSelector, ...]) -> None:
    assert not is_bootstrap(replace(one(ClusterRole, "edit"), aggregation_rule=AggregationRule(selectors)))
    trap = replace(one(ClusterRole, "system:basic-user"), aggregation_rule=AggregationRule(selectors))
    assert not is_bootstrap(trap)


def test_an_update_adds_what_a_minor_has_more_and_takes_nothing_away() -> None:
    old, new = one(ClusterRole, VOLUMES, V(1, 34)), one(ClusterRole, VOLUMES)
    [lost] = set(singles(old.rules)) - set(singles(new.rules))
    assert lost == PolicyRule(("get",), ("",), ("services",))
    assert is_bootstrap(replace(new, rules=(*new.rules, lost)))
    assert not is_bootstrap(replace(new, rules=(*new.rules[1:], lost)))


# What is more than the API server's own.


def test_extra_rules_are_those_that_no_minor_has() -> None:
    item = one(ClusterRole, VOLUMES)
    fine, both = PolicyRule(("get",), ("",), ("services",)), PolicyRule(("get",), ("",), ("services", "secrets"))
    changed = replace(item, rules=(*item.rules[1:], fine, both, SECRETS))
    found = extra_rules(changed)
    assert found == (both, SECRETS)
    assert found[0] is both
    assert extra_rules(renamed(changed, name="other")) == changed.rules
    assert extra_rules(replace(one(ClusterRole, "edit"), rules=(SECRETS,))) == ()
    assert extra_rules(replace(one(ClusterRole, "view"), rules=(SECRETS,))) == (SECRETS,)


def test_extra_subjects_are_those_that_no_minor_has() -> None:
    item = one(ClusterRoleBinding, "system:basic-user")
    changed = replace(item, subjects=(*item.subjects, MALLORY))
    assert extra_subjects(item) == ()
    assert extra_subjects(changed) == (MALLORY,)
    assert extra_subjects(renamed(changed, name="other")) == changed.subjects
    other = replace(changed, role_ref=replace(item.role_ref, name="cluster-admin"))
    assert extra_subjects(other) == changed.subjects


def test_long_lists_are_answered_at_once() -> None:
    words = tuple(f"word{number}" for number in range(50_000))
    item = one(ClusterRole, "edit")
    many = PolicyRule(("get", *words), ("", *words), ("pods", *words), ("a", *words))
    [rule] = one(ClusterRole, "system:aggregate-to-view").rules[:1]
    again = replace(rule, resources=rule.resources * 10_000)
    began = time.process_time()
    assert not is_bootstrap(replace(item, rules=(many,)))
    assert extra_rules(replace(item, rules=(many,))) == (many,)
    assert is_bootstrap(replace(item, rules=(again,)))
    assert not is_bootstrap(replace(item, rules=(rule,) * 100_000))
    assert len(extra_rules(replace(item, rules=(rule,) * 100_000))) == 100_000
    assert time.process_time() - began < 1


# Kubeadm's.


def test_all_of_kubeadms_are_known() -> None:
    assert [item.name for item in KUBEADM if not is_kubeadm(item)] == []
    assert [item.name for item in KUBEADM if is_bootstrap(item)] == []
    assert Counter((type(item).__name__, item.namespace) for item in KUBEADM) == {
        ("ClusterRole", None): 2,
        ("ClusterRoleBinding", None): 8,
        ("Role", "kube-public"): 1,
        ("RoleBinding", "kube-public"): 1,
        ("Role", "kube-system"): 4,
        ("RoleBinding", "kube-system"): 4,
    }


@pytest.mark.parametrize(
    ("name", "role", "subject"),
    [
        ("kubeadm:cluster-admins", "cluster-admin", ("Group", "kubeadm:cluster-admins")),
        ("kubeadm:apiserver-kubelet-client", "system:kubelet-api-admin", ("User", "kube-apiserver-kubelet-client")),
        (
            "kubeadm:node-autoapprove-bootstrap",
            "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
            ("Group", "system:bootstrappers:kubeadm:default-node-token"),
        ),
        (
            "kubeadm:node-autoapprove-certificate-rotation",
            "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
            ("Group", "system:nodes"),
        ),
    ],
)
def test_a_binding_of_kubeadms_is_for_whom_it_says(name: str, role: str, subject: tuple[str, str]) -> None:
    item = ClusterRoleBinding(Metadata(name=name), RoleRef("", "ClusterRole", role), (Subject("", *subject),))
    assert is_kubeadm(item)
    assert not is_kubeadm(replace(item, subjects=(*item.subjects, MALLORY)))
    assert not is_kubeadm(replace(item, role_ref=replace(item.role_ref, name="admin")))
    assert not is_kubeadm(renamed(item, name=f"{name}s"))


def test_cluster_info_is_read_by_anybody_and_nothing_besides() -> None:
    [role] = [item for item in KUBEADM if isinstance(item, Role) and item.namespace == "kube-public"]
    assert role.rules == (PolicyRule(("get",), ("",), ("configmaps",), ("cluster-info",)),)
    assert not is_kubeadm(replace(role, rules=(replace(role.rules[0], resource_names=()),)))
    assert not is_kubeadm(replace(role, rules=(replace(role.rules[0], verbs=("get", "list")),)))

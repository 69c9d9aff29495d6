from hypothesis import given, settings
from hypothesis import strategies as st

from gatewright.model.meta import Metadata
from gatewright.model.rbac import AggregationRule, ClusterRole, PolicyRule
from gatewright.model.rbac_aggregation import Rules, aggregated
from gatewright.model.selector import LabelSelector, LabelSelectorRequirement


def rules(*resources: str) -> Rules:
    return tuple(PolicyRule(("get",), ("",), (resource,)) for resource in resources)


def role(name: str, own: Rules = (), *labels: str, of: list[str] | None = None) -> ClusterRole:
    """A ClusterRole with labels, that selects those with each of some labels, one selector a label."""
    chosen = None if of is None else AggregationRule(tuple(LabelSelector({label: ""}) for label in of))
    return ClusterRole(Metadata(name=name, labels=dict.fromkeys(labels, "")), own, chosen)


def test_rules_are_those_of_the_roles_that_are_selected() -> None:
    assert aggregated(
        [
            role("z", rules("pods", "events"), "a"),
            role("view", rules("secrets"), of=["a", "b"]),
            role("y", rules("events"), "a", "b"),
            role("x", rules("nodes", "pods"), "b"),
            role("w", rules("secrets"), "c"),
            role("none", rules("secrets"), "a", "b", of=None),
        ]
    ) == {"view": rules("secrets", "events", "pods", "nodes")}


def test_the_order_is_the_controllers() -> None:
    roles = [role("c", rules("c"), "y"), role("b", rules("b"), "x"), role("a", rules("a", "c"), "y")]
    assert aggregated([role("all", of=["x", "y"]), *roles]) == {"all": rules("b", "a", "c")}


def test_submitted_rules_are_replaced() -> None:
    roles = [role("view", rules("secrets"), of=["a"]), role("x", rules("pods"), "a")]
    assert aggregated(roles) == {"view": rules("pods")}


def test_a_role_does_not_select_itself() -> None:
    roles = [role("view", rules("secrets"), "a", of=["a"]), role("x", rules("pods"), "a")]
    assert aggregated(roles) == {"view": rules("pods")}


def test_an_empty_selector_selects_all() -> None:
    everything = ClusterRole(Metadata(name="all"), (), AggregationRule((LabelSelector(),)))
    assert aggregated([everything, role("a", rules("a")), role("b", rules("b"), "x")]) == {"all": rules("a", "b")}


def test_expressions_select() -> None:
    both = LabelSelector(
        {"x": ""}, (LabelSelectorRequirement("y", "Exists"), LabelSelectorRequirement("z", "DoesNotExist"))
    )
    chosen = ClusterRole(Metadata(name="all"), (), AggregationRule((both,)))
    roles = [role("a", rules("a"), "x", "y"), role("b", rules("b"), "x"), role("c", rules("c"), "x", "y", "z")]
    assert aggregated([chosen, *roles, role("d", rules("d"), "y")]) == {"all": rules("a")}


def test_aggregated_roles_are_aggregated_on() -> None:
    roles = [
        role("admin", rules("old"), of=["admin"]),
        role("edit", rules("old"), "admin", of=["edit"]),
        role("view", rules("old"), "edit", of=["view"]),
        role("more", rules("secrets"), "admin"),
        role("pods", rules("pods"), "view"),
    ]
    assert aggregated(roles) == {"admin": rules("pods", "secrets"), "edit": rules("pods"), "view": rules("pods")}


def test_what_nothing_replaces_stays() -> None:
    """The controller applies no rules over those of another author, which leaves them."""
    roles = [
        role("trap", rules("secrets"), "a", of=["nobody", "bare"]),
        role("empty", (), "bare"),
        role("over", rules("old"), of=["a"]),
        role("no-selector", rules("nodes"), of=[]),
    ]
    assert aggregated(roles) == {"trap": rules("secrets"), "over": rules("secrets"), "no-selector": rules("nodes")}


def test_in_a_circle_all_goes_round() -> None:
    roles = [
        role("a", rules("secrets"), "for-b", of=["for-a"]),
        role("b", (), "for-a", of=["for-b"]),
        role("source", rules("pods"), "for-b"),
        role("moment", rules("nodes"), "for-b", of=["inner"]),
        role("inner", rules("events"), "inner"),
        role("after", rules("old"), of=["for-a"]),
    ]
    everything = rules("secrets", "pods", "nodes", "events")
    found = aggregated(roles)
    assert [set(found[name]) for name in ("a", "b", "after")] == [set(everything)] * 3
    assert found["moment"] == rules("events")
    assert len(found["a"]) == len(everything)


def test_a_long_chain_and_a_large_circle() -> None:
    chain = [role(f"{number:04}", (), str(number), of=[str(number + 1)]) for number in range(3000)]
    found = aggregated([*chain, role("last", rules("pods"), "3000")])
    assert set(found.values()) == {rules("pods")}
    assert len(found) == 3000
    ring = aggregated([*chain, role("last", rules("pods"), "3000", of=["0"])])
    assert set(ring.values()) == {rules("pods")}
    assert len(ring) == 3001


# The controller itself: each aggregated role is looked at again and again, in any order, until nothing changes.
NAMES = "abcdef"


def controlled(roles: list[ClusterRole], order: list[int]) -> dict[str, Rules]:
    now = {each.name: each.rules for each in roles}
    applied: set[str] = set()
    for index in [*order, *list(range(len(roles))) * (len(roles) + 1)]:
        each = roles[index % len(roles)]
        if each.aggregation_rule is None:
            continue
        lent: list[PolicyRule] = []
        for selector in each.aggregation_rule.cluster_role_selectors:
            for other in sorted(roles, key=lambda role: role.name):
                if other is not each and selector.matches(other.metadata.labels):
                    lent += now[other.name]
        if lent or each.name in applied:
            now[each.name] = tuple(rule for at, rule in enumerate(lent) if rule not in lent[:at])
            applied.add(each.name)
    return {each.name: now[each.name] for each in roles if each.aggregation_rule is not None}


def graphs(circles: bool) -> st.SearchStrategy[list[ClusterRole]]:
    """Roles labelled with their own name; without circles each selects only those with a later one."""

    def drawn(index: int) -> st.SearchStrategy[ClusterRole]:
        others = NAMES if circles else NAMES[index + 1 :]
        chosen = st.none() if not others else st.one_of(st.none(), st.lists(st.sampled_from(others), max_size=3))
        own = st.lists(st.sampled_from("123456"), max_size=2).map(lambda words: rules(*words))
        return st.builds(lambda own, of: role(NAMES[index], own, NAMES[index], of=of), own, chosen)

    return st.tuples(*map(drawn, range(len(NAMES)))).map(list)


ORDERS = st.lists(st.integers(0, 5), max_size=12)


@settings(deadline=None)
@given(graphs(circles=False), ORDERS)
def test_it_is_what_the_controller_ends_with(roles: list[ClusterRole], order: list[int]) -> None:
    assert aggregated(roles) == controlled(roles, order)


@settings(deadline=None)
@given(graphs(circles=True), ORDERS)
def test_the_controller_never_ends_with_more(roles: list[ClusterRole], order: list[int]) -> None:
    found = aggregated(roles)
    for name, ended in controlled(roles, order).items():
        assert set(ended) <= set(found[name])

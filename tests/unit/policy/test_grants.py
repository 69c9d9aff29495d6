"""What a row finds in that which a role or a binding gives: where, how often, and in which words."""

from collections.abc import Iterable

from gatewright.model.meta import Metadata
from gatewright.model.rbac import ClusterRole, ClusterRoleBinding, PolicyRule, RoleRef
from gatewright.model.schema import Node
from gatewright.policy import Given, Grants, Hit, Holder, Need, Risk, Severity, Violation

LOW, MEDIUM, HIGH, CRITICAL = Severity
GET, LIST, SIGN = (Need((verb,), ("a",)) for verb in ("get", "list", "sign"))


def rule(verb: str, *names: str) -> PolicyRule:
    return PolicyRule((verb,), ("",), ("a",), names)


def row(
    *ways: tuple[Need, ...], lets: str = "do it {where}", rises: bool = False, forms: tuple[Risk, ...] = ()
) -> Risk:
    return Risk(ways, lets, CRITICAL, MEDIUM, "do not", rises=rises, forms=forms)


def holder(name: str, *held: PolicyRule) -> Holder:
    return Holder(name, lambda: held)


def of_role(
    *rules: PolicyRule, before: Iterable[PolicyRule] = (), new: Iterable[int] | None = None,
    holders: tuple[Holder, ...] = (), namespaces: tuple[str, ...] = (),
) -> Grants:  # fmt: skip
    """A role with rules, of which those of some indexes are new; else all."""
    item = ClusterRole(Metadata(name="r"), rules)
    indexes = range(len(rules)) if new is None else new
    given = tuple(Given(rules[index], rules[index], (), f"rules[{index}]") for index in indexes)
    return Grants(item, item, given, namespaces, holders, before=tuple(before))


def of_binding(*rules: PolicyRule, holders: tuple[Holder, ...], namespaces: tuple[str, ...] = ()) -> Grants:
    item = ClusterRoleBinding(Metadata(name="b"), RoleRef(name="r"))
    given = tuple(Given(rule, item.role_ref, ("name",), f"rules[{index}]") for index, rule in enumerate(rules))
    return Grants(item, ClusterRole(Metadata(name="r"), rules), given, namespaces, holders)


def found(grants: Grants, risk: Risk, raised: str = "") -> list[tuple[Node, Severity | None, str]]:
    return [(one.node, one.severity, one.message) for one in grants.violations(risk, raised=raised)]


def test_of_a_role_each_rule_that_gives_it() -> None:
    first, other, second = rule("get"), rule("list"), rule("get", "x")
    assert found(of_role(first, other, second), row((GET,))) == [
        (first, CRITICAL, "rules[0] lets its holders do it in every namespace; instead, do not"),
        (second, HIGH, 'rules[2] lets its holders do it in every namespace, only "x"; instead, do not'),
    ]


def test_of_a_rule_the_first_form() -> None:
    both, one = PolicyRule(("get", "list"), ("",), ("a",)), rule("list")
    risk = row((LIST,), forms=(row((GET,), lets="get it"),))
    assert found(of_role(both, one), risk) == [
        (both, CRITICAL, "rules[0] lets its holders get it; instead, do not"),
        (one, CRITICAL, "rules[1] lets its holders do it in every namespace; instead, do not"),
    ]


def test_of_a_binding_the_worst_of_it() -> None:
    grants = of_binding(rule("get", "x"), rule("get"), rule("list"), holders=(holder("jane"),))
    message = "rules[1] lets jane do it in every namespace; instead, do not"
    assert isinstance(grants.item, ClusterRoleBinding)
    assert found(grants, row((GET,), (LIST,))) == [(grants.item.role_ref, CRITICAL, message)]
    assert found(grants, row((SIGN,))) == []


def test_who_has_a_role_is_told() -> None:
    names = [holder(name) for name in ("jane", "joe", "jane", "ann", "bob", "eve")]
    (one,) = found(of_role(rule("get"), holders=tuple(names), namespaces=("shop",)), row((GET,)))
    assert one[1:] == (
        MEDIUM,
        "rules[0] lets its holders do it in namespace shop; held by jane, joe, ann and 2 more; instead, do not",
    )
    (one,) = found(of_binding(rule("get"), holders=tuple(names[:3]), namespaces=tuple("abcde")), row((GET,)))
    assert one[2] == "rules[0] lets jane, joe do it in namespaces a, b, c and 2 more; instead, do not"


def test_two_needs_by_two_rules() -> None:
    risk, first, second = row((GET, LIST)), rule("get"), rule("list")
    assert [node for node, _, _ in found(of_role(first, second), risk)] == [first]
    assert found(of_role(first), risk) == []
    assert [node for node, _, _ in found(of_role(first, second, new=[1], before=[first]), risk)] == [second]
    assert found(of_role(second, new=[0], before=[first]), risk) == []
    assert found(of_role(first, second, new=[0], before=[first, second]), risk) == []


def test_together_with_what_a_holder_has() -> None:
    risk, get, sign = row((GET, LIST)), rule("get"), rule("sign")
    lacks, has, can = holder("lacks", sign), holder("has", rule("list")), holder("can", rule("get"), rule("list"))
    ((_, severity, message),) = found(of_binding(get, holders=(lacks, can, has)), risk)
    assert severity == CRITICAL
    assert message == "rules[0] lets has, with what they have already, do it in every namespace; instead, do not"
    assert found(of_binding(get, holders=(lacks, can)), risk) == []
    assert found(of_binding(sign, holders=(can,)), risk) == []
    ((_, _, message),) = found(of_role(get, holders=(lacks, has)), risk)
    assert message == (
        "rules[0] lets its holders, with what they have already, do it in every namespace; held by has; instead, do not"
    )


def test_for_more_objects_than_before() -> None:
    risk, some, listed = row((GET, LIST)), rule("get", "x"), rule("list")
    for more, is_new in ((rule("get"), True), (rule("get", "y"), True), (rule("get", "x"), False)):
        grants = of_role(listed, more, new=[1], before=[some, listed])
        assert [node for node, _, _ in found(grants, risk)] == ([more] if is_new else [])
        grants = of_binding(more, holders=(holder("jane", some, rule("get", "z"), listed),))
        assert bool(found(grants, risk)) is is_new
    assert found(of_role(listed, rule("get", "y"), new=[1], before=[rule("get"), listed]), risk) == []


def test_a_namespace_that_holds_somebody_who_can_do_more() -> None:
    grants = of_role(rule("get"), rule("list"), namespaces=("shop",))
    risen, flat = row((GET,), rises=True), row((LIST,))
    why = "root there can do all"
    assert [one[1:] for one in found(grants, risen, why)] == [
        (CRITICAL, f"rules[0] lets its holders do it in namespace shop; {why}; instead, do not")
    ]
    assert [one[1:] for one in found(grants, flat, why)] == [
        (MEDIUM, "rules[1] lets its holders do it in namespace shop; instead, do not")
    ]


def test_a_closer_look() -> None:
    def weigh(hits: tuple[Hit, ...], severity: Severity) -> tuple[Severity, str] | None:
        return (LOW, f", which was {severity}") if hits[0].names else None

    grants = of_role(rule("get"), rule("get", "x"))
    (one,) = grants.violations(row((GET,)), raised="", weigh=weigh)
    assert (one.node, one.severity) == (grants.rules[1].node, LOW)
    assert one.message == (
        'rules[1] lets its holders do it in every namespace, only "x", which was high; instead, do not'
    )


def test_rules_for_everything_speak_for_it() -> None:
    everything = PolicyRule(("get", "list"), ("",), ("*",))
    assert found(of_role(everything, rule("get")), row((GET,))) == []
    assert found(of_role(everything, rule("get"), new=[1], before=[everything]), row((GET,))) == []
    assert found(of_binding(rule("get"), holders=(holder("jane", everything),)), row((GET,))) != []


def test_what_is_usual_is_told_as_such() -> None:
    plain = of_binding(rule("get"), holders=(holder("jane"),), namespaces=("shop",))
    grants = Grants(plain.item, plain.role, (), plain.namespaces, plain.holders, usual=plain.rules)
    assert found(grants, row((GET,)), "why") == []
    (one,) = grants.usual_violations(row((GET,), rises=True), raised="why")
    assert isinstance(one, Violation)
    assert type(one) is not Violation
    assert (one.severity, one.message) == (CRITICAL, "rules[0] lets jane do it in namespace shop; why; instead, do not")


def test_what_it_may_be_about_by_its_rules_and_the_usual_ones() -> None:
    plain = of_role(rule("get"), rule("list"), new=[0])
    assert [plain.is_about(row((need,))) for need in (GET, LIST, SIGN)] == [True, False, False]
    usual = Grants(plain.item, plain.role, plain.rules, ("n",), (), usual=of_role(rule("sign")).rules)
    assert [usual.is_about(row((need,))) for need in (GET, LIST, SIGN)] == [True, False, True]

import pytest

from gatewright.model.selector import LabelSelector, LabelSelectorRequirement


def requirement(operator: str, *values: str) -> LabelSelector:
    return LabelSelector(match_expressions=(LabelSelectorRequirement("tier", operator, values),))


@pytest.mark.parametrize(
    ("selector", "of_a", "of_b", "of_none"),
    [
        (LabelSelector(), True, True, True),
        (LabelSelector(match_labels={"tier": "a"}), True, False, False),
        (requirement("In", "a", "c"), True, False, False),
        (requirement("NotIn", "a", "c"), False, True, True),
        (requirement("Exists"), True, True, False),
        (requirement("DoesNotExist"), False, False, True),
        (requirement("in", "a"), False, False, False),
    ],
)
def test_what_is_selected(selector: LabelSelector, of_a: bool, of_b: bool, of_none: bool) -> None:
    assert selector.matches({"tier": "a", "x": "y"}) is of_a
    assert selector.matches({"tier": "b"}) is of_b
    assert selector.matches({}) is of_none


def test_all_of_it_must_be_met() -> None:
    both = LabelSelector({"app": "web"}, (LabelSelectorRequirement("tier", "Exists"),))
    assert both.matches({"app": "web", "tier": "a"})
    assert not both.matches({"app": "web"})
    assert not both.matches({"tier": "a"})
    assert both.keys == {"app", "tier"}
    assert LabelSelector().keys == frozenset()

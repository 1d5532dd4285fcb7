import pytest

from slatewright.core.errors import BadKnob
from slatewright.pipeline.policy import BadRule, Boost, Bury, Exclude, Include, Pin
from slatewright.pipeline.recipe import Recipe


def test_a_rule_that_is_no_expression_is_refused_by_its_name() -> None:
    with pytest.raises(BadRule, match=r"rule 'cheap', Exclude.where: column 7: write == to compare\n  price = 5\n"):
        Exclude("price = 5", name="cheap")
    with pytest.raises(BadRule, match=r"^Boost.when: column 1"):
        Boost("price < 5", when=")")
    with pytest.raises(BadRule, match=r"Bury.where: column 1: there is nothing here"):
        Bury("")


def test_numbers_of_rules_have_bounds() -> None:
    with pytest.raises(BadKnob, match=r"Pin.position must be >= 1"):
        Pin("a", position=0)
    with pytest.raises(BadKnob, match=r"Boost.by must be finite"):
        Boost("a", by=float("nan"))
    with pytest.raises(BadKnob, match=r"Include.where must be text"):
        Include(3)  # type: ignore[arg-type]


def test_a_rule_is_called_by_its_name_or_its_expression() -> None:
    assert Exclude("price\n <  5").title == "exclude price < 5"
    assert Exclude("price < 5", name="cheap").title == "cheap"


def test_a_recipe_takes_rules_and_nothing_else_for_rules() -> None:
    assert Recipe({}, (), rules=[Pin("a")]).rules == [Pin("a")]
    for wrong in (Pin("a"), ("price < 5",)):
        with pytest.raises(
            BadKnob, match=r"Recipe.rules must be a list or tuple of Include, Exclude, Boost, Bury, Pin"
        ):
            Recipe({}, (), rules=wrong)  # type: ignore[arg-type]

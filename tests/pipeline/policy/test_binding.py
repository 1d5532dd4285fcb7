import pytest

from slatewright.pipeline.policy import BadRule, Exclude, Rule
from slatewright.pipeline.policy.binding import check_rules
from tests.pipeline.policy.worlds import small_world


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (Exclude("prise < 5", name="cheap"), r"rule 'cheap', Exclude.where: column 1: .*did you mean price"),
        (Exclude("adult", when="brand == 'Alba'"), r"Exclude.when: it asks about items; that belongs into where"),
        (Exclude("adult", when="user.n_events"), r"Exclude.when: column 1: a condition is a yes or no, got a number"),
    ],
)
def test_what_cannot_be_bound_is_named(rule: Rule, problem: str) -> None:
    world = small_world()
    with pytest.raises(BadRule, match=problem):
        check_rules([Exclude("adult"), rule], world.item_facts, world.user_facts)

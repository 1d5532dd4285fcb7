import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slatewright.pipeline.policy import Condition, Exclude, Include, Rule, RuleFilter
from slatewright.pipeline.policy.filtering import BoundRuleFilter
from slatewright.pipeline.world import World
from slatewright.testing.stages import StageKit
from tests.pipeline.policy.worlds import ITEMS, asked, small_world

AT_HOME, ELSEWHERE = 'request.surface == "home"', 'request.surface == "cart"'


class TestRuleFilter(StageKit):
    stage = RuleFilter(
        (
            Exclude('contains(id, "2") and sellable', when=AT_HOME),
            Include("now - first_seen < 30 or user.n_events < 5"),
            Include('id != "i003"'),
        )
    )


class TestNoRules(StageKit):
    stage = RuleFilter()


def bound(world: World, *rules: Rule) -> BoundRuleFilter:
    made = RuleFilter(rules).bind(world)
    assert isinstance(made, BoundRuleFilter)
    return made


def kept(*rules: Rule, user: str | None = "ann", world: World | None = None) -> list[int]:
    world = world or small_world()
    items = world.catalogue.items.locate(ITEMS["item_id"])[0]
    return np.flatnonzero(bound(world, *rules).keep(asked(user), items)).tolist()


@pytest.mark.parametrize(
    ("rules", "items"),
    [
        ((), [0, 1, 2, 3, 4, 5]),
        ((Exclude("adult"), Exclude("price > 30")), [0, 2]),
        ((Include("price < 50"),), [0, 1, 3, 4]),
        ((Include("price < 50"), Include("not adult")), [0, 3]),
        ((Exclude("adult", when=AT_HOME), Exclude("price > 30", when=ELSEWHERE)), [0, 2, 3, 5]),
        ((Include("adult", when=ELSEWHERE),), [0, 1, 2, 3, 4, 5]),
        ((Include(f"adult and {ELSEWHERE}"),), []),
        ((Include(f"adult and {AT_HOME}"),), [1, 4]),
        ((Exclude(f"adult and {ELSEWHERE}"),), [0, 1, 2, 3, 4, 5]),
        ((Exclude("brand in user.blocked"), Exclude("price > user.budget")), [1, 2]),
        (
            (Include("missing(markets) or user.country in markets"), Exclude("adult and price < user.budget")),
            [0, 2, 3, 5],
        ),
        ((Exclude("true"),), []),
        ((Include("true"), Exclude("false")), [0, 1, 2, 3, 4, 5]),
        (tuple(Exclude(f"price == {at}") for at in range(130)), [2]),
    ],
)
def test_rules_keep(rules: tuple[Rule, ...], items: list[int]) -> None:
    assert kept(*rules) == items


RULES = st.lists(
    st.builds(
        lambda kind, where, when: kind(where, when=when),
        st.sampled_from([Exclude, Include]),
        st.sampled_from(
            ["price > 15", "adult", "price < user.budget", f"adult and {AT_HOME}", f"adult or {ELSEWHERE}", "true",
             "missing(price) and user.member"]
        ),
        st.sampled_from(["", AT_HOME, ELSEWHERE, "user.n_events > 1"]),
    ),
    max_size=6,
)  # fmt: skip
WORLD = small_world()
NUMBERS = WORLD.catalogue.items.locate(ITEMS["item_id"])[0]


@settings(max_examples=60, deadline=None)
@given(rules=RULES, user=st.sampled_from(["ann", "bob", None]))
def test_many_rules_at_once_say_what_each_says_alone(rules: list[Rule], user: str | None) -> None:
    query = asked(user)
    expected = np.ones(len(NUMBERS), dtype=np.bool_)
    for rule in rules:
        if not rule.when or Condition.of(rule.when, WORLD).mask(query, NUMBERS[:1])[0]:
            mask = Condition.of(rule.where, WORLD).mask(query, NUMBERS)
            expected &= mask if isinstance(rule, Include) else ~mask
    made = bound(WORLD, *rules)
    assert made.keep(query, NUMBERS).tolist() == expected.tolist()
    for item, kept in zip(NUMBERS.tolist(), expected.tolist(), strict=True):
        assert (made.dropping(query, item) == ()) is kept
    only = made.only(query)
    assert only is None or set(NUMBERS[expected].tolist()) <= set(only.tolist())


def test_rules_that_drop_an_item_are_named() -> None:
    world = small_world()
    made = bound(world, Exclude("adult", name="no adults"), Include("price > 30"), Exclude("adult", when=ELSEWHERE))
    query, at = asked(), world.catalogue.items.locate(["i1", "i3"])[0].tolist()
    assert made.dropping(query, at[0]) == ("no adults", "include price > 30")
    assert made.dropping(query, at[1]) == ()


def test_an_including_rule_names_all_that_may_pass() -> None:
    world = small_world()
    query, at = asked(), world.catalogue.items.locate(["i1", "i4"])[0].tolist()
    assert bound(world, Exclude("adult")).only(query) is None
    assert bound(world, Include("adult", when=ELSEWHERE)).only(query) is None
    only = bound(world, Include("adult"), Exclude("price == 0", when=ELSEWHERE)).only(query)
    assert only is not None
    assert sorted(only.tolist()) == sorted(at)


def test_the_filter_follows_the_facts() -> None:
    world = small_world()
    items = world.catalogue.items.locate(ITEMS["item_id"])[0]
    made = bound(world, Exclude("price > 30"), Include("stock > 0 or missing(stock)"), Exclude("price > user.budget"))
    assert np.flatnonzero(made.keep(asked(), items)).tolist() == [0, 2, 4]
    world.item_facts.update({int(items[0]): {"price": 31}, int(items[1]): {"stock": 1}, int(items[4]): {"price": 26}})
    assert np.flatnonzero(made.keep(asked(), items)).tolist() == [1, 2]

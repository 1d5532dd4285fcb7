"""What expressions mean; random ones are held against Python, item by item."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slatewright.pipeline.policy import Condition
from tests.pipeline.policy.worlds import ITEMS, asked, small_pipeline, small_world, true_of

ALL = [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("price < 50", [0, 1, 3, 4]),
        ("not price < 50", [2, 5]),
        ("price >= 20 and cost < 31", [1]),
        ("10 <= price < 40", [0, 1]),
        ("price == 20 or price == 60", [1, 5]),
        ("price != 20", [0, 2, 3, 4, 5]),
        ("price in [10, 60]", [0, 5]),
        ("price not in [10, 60]", [1, 2, 3, 4]),
        ("price - cost > 4", [0]),
        ("price / cost == 1", [5]),
        ("-price < -39", [3, 5]),
        ("price * 2 + 1 - 1 == 40", [1]),
        ("min(price, cost) >= 5", [0, 1, 5]),
        ("abs(price - 30) <= 10", [1, 3]),
        ("max(price, 15) == 15", [0, 4]),
        ('brand == "Alba"', [0, 3]),
        ('brand != "Alba"', [1, 2, 4, 5]),
        ('brand in ["Alba", "Coda", "none"]', [0, 3, 4]),
        ('brand in ["a", "b", "c", "d", "Alba"]', [0, 3]),
        ('category == "gift"', [0, 4]),
        ('category in ["tea", "cup"]', [0, 1, 5]),
        ('"tea" in category', [0, 1]),
        ('not category in ["tea"]', [2, 3, 4, 5]),
        ("adult", [1, 4]),
        ("not item.adult", [0, 2, 3, 5]),
        ("adult == false", [0, 2, 3, 5]),
        ("missing(adult)", [2]),
        ("missing(price) or missing(markets)", [2, 3]),
        ("missing(brand)", [2]),
        ('"DE" in markets', [0, 1, 5]),
        ('"sale" in tags', [0, 3]),
        ("brand in tags", [4]),
        ('contains(brand, "RI")', [1, 5]),
        ('starts_with(brand, "al") or ends_with(brand, "DA")', [0, 3, 4]),
        ("now - released < 3.5", [1, 2, 5]),
        ('released >= time("2026-03-02")', [1, 2, 5]),
        ("time(launched) <= now", [0, 3, 5]),
        ("released + 1 > now", [5]),
        ('item["odd name"] > 4', [4, 5]),
        ("sellable", [0, 2, 3, 4, 5]),
        ('id == "i3"', [3]),
        ("now - first_seen > 0", [0, 1]),
        ("true", ALL),
        ("price < 50 and false", []),
        ("user.country in markets", [0, 1, 5]),
        ("missing(markets) or user.country in markets", [0, 1, 2, 3, 5]),
        ("brand in user.blocked", [0, 3, 4]),
        ("price < user.budget", [0, 1, 4]),
        ("category in user.likes", [0, 1, 5]),
        ("category in user.drinks", [0, 1, 2, 4]),  # one text, separated by |
        ("released == user.came", [0]),  # told in another zone
        ("user.member and adult", [1, 4]),
        ('user.id == "ann" and price > 30', [3, 5]),
        ("user.n_events == 2 and not user.is_newcomer", ALL),
        ('request.surface == "home" and request.slot in ["top"]', ALL),
        ("request.k == 3 and request.hour == 15 and request.weekday == 3", ALL),
        ('now < time("2026-03-05") and user.born < time("2000-01-01")', ALL),
        ('user.country == "DE" or price > 50', ALL),
        ('user.country == "FR" or price > 50', [5]),
        ('user.country in ["DE", "AT"]', ALL),
        ('contains(user.country, "d") and price > 50', [5]),
        ("not (price > 30 or adult) and brand == brand", [0]),
        ("5 / 0 > 1", []),
    ],
)
def test_an_expression_is_true_of(text: str, items: list[int]) -> None:
    assert true_of(text) == items


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("user.country in markets", []),
        ("missing(user.country) and price > 30", [3, 5]),
        ("brand in user.blocked", []),
        ("price < user.budget", []),
        ("not price < user.budget", ALL),
        ("user.member or user.likes == 'tea'", []),
        ("user.is_newcomer and missing(user.born)", ALL),
        ("missing(user.likes) and missing(user.budget) and missing(user.member)", ALL),
    ],
)
def test_of_a_user_of_whom_nothing_is_known_every_comparison_is_false(text: str, items: list[int]) -> None:
    assert true_of(text, "bob") == items
    assert true_of(text, None) == items


def test_conditions_say_what_they_ask() -> None:
    world = small_world()
    made = {
        text: Condition.of(text, world)
        for text in ("price < 5", "price < user.budget", "request.k > 2", 'request.k > 2 and brand == "Alba"', "true")
    }
    assert [one.asks_request for one in made.values()] == [False, True, True, True, False]
    assert [one.asks_item for one in made.values()] == [True, True, False, True, False]


def test_what_was_worked_out_follows_the_facts() -> None:
    world = small_world()
    texts = {
        "price < 15": [0, 2, 4], 'brand == "New"': [2], "brand in user.blocked and not adult": [0, 3, 4],
        "missing(price)": [], "missing(adult)": [], "sellable": [0, 1, 2, 4, 5], '"new" in tags': [0, 2, 5],
        "adult": [1],
        '"DE" in markets': [0, 1, 2, 5], 'released > time("2026-03-03T12:00:00Z")': [2, 5],
    }  # fmt: skip
    made = {text: Condition.of(text, world) for text in texts}
    numbers = world.catalogue.items.locate(ITEMS["item_id"])[0]
    changes: dict[int, dict[str, object]] = {
        2: {
            "price": 1, "brand": "New", "adult": False, "tags": "new", "markets": ["DE"], "released": "2026-03-04",
            "unheard of": 1,
        },
        1: {"stock": 4},
        3: {"stock": 0, "tags": "x"},
        4: {"adult": False, "tags": ""},
    }  # fmt: skip
    world.item_facts.update({int(numbers[at]): facts for at, facts in changes.items()})
    for text, items in texts.items():
        found = np.flatnonzero(made[text].mask(asked(), numbers)).tolist()
        assert found == items, text
        assert found == true_of(text, world=world), text
    assert world.item_facts.facts_of(int(numbers[2]))["price"] == 1


Row = dict[str, Any]
Pair = tuple[str, Callable[[Row], bool]]
FACTS: list[Row] = ITEMS.to_dicts()


def _number(name: str, sign: str, bound: float) -> Pair:
    compare: dict[str, Callable[[float], bool]] = {
        "<": lambda one: one < bound, "<=": lambda one: one <= bound, ">": lambda one: one > bound,
        ">=": lambda one: one >= bound, "==": lambda one: one == bound,
    }  # fmt: skip
    return f"{name} {sign} {bound}", lambda row: row[name] is not None and compare[sign](row[name])


def _shelves(row: Row) -> list[str]:
    return (row["category"] or "").split("|")


ATOMS = st.one_of(
    st.builds(
        _number, st.sampled_from(["price", "cost"]), st.sampled_from(["<", "<=", ">", ">=", "=="]),
        st.sampled_from([0.0, 10.0, 20.0, 30.5, 60.0]),
    ),
    st.sampled_from(["Alba", "Brio", "brio"]).map(lambda one: (f"brand == '{one}'", lambda row: row["brand"] == one)),
    st.sampled_from(["tea", "gift", "cup"]).map(lambda one: (f"'{one}' in category", lambda row: one in _shelves(row))),
    st.sampled_from(["price", "brand", "adult"]).map(lambda name: (f"missing({name})", lambda row: row[name] is None)),
    st.just(("adult", lambda row: bool(row["adult"]))),
    st.just(("price < user.budget", lambda row: row["price"] is not None and row["price"] < 25)),
    st.just(("request.k == 4", lambda row: False)),
    st.just(("user.member", lambda row: True)),
)  # fmt: skip


def _joined(word: str, left: Pair, right: Pair) -> Pair:
    join = all if word == "and" else any
    return f"({left[0]}) {word} ({right[0]})", lambda row: join([left[1](row), right[1](row)])


EXPRESSIONS = st.recursive(
    ATOMS,
    lambda part: st.one_of(
        st.builds(_joined, st.sampled_from(["and", "or"]), part, part),
        part.map(lambda one: (f"not ({one[0]})", lambda row: not one[1](row))),
    ),
    max_leaves=8,
)
WORLD = small_world()


@settings(max_examples=150, deadline=None)
@given(pair=EXPRESSIONS)
def test_random_expressions_mean_what_python_means_by_them(pair: Pair) -> None:
    text, means = pair
    assert true_of(text, world=WORLD) == [at for at, row in enumerate(FACTS) if means(row)]


def test_a_mask_is_of_the_items_asked_for_in_their_order() -> None:
    world = small_pipeline().world
    at = world.catalogue.items.locate(ITEMS["item_id"])[0]
    mask = Condition.of("price > 15 and user.member", world).mask(asked(), at[[5, 0, 1]])
    assert mask.tolist() == [True, False, True]
    assert Condition.of("price > 15", world).mask(asked(), at[:0]).tolist() == []

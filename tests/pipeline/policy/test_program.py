import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slatewright.pipeline.policy import BadExpression, Condition
from slatewright.pipeline.policy.condition import quiet
from slatewright.pipeline.policy.program import Program
from slatewright.pipeline.policy.steps import BLOCK
from slatewright.pipeline.policy.values import Moment
from tests.pipeline.policy.worlds import all_items, asked, small_world

WORLD = small_world()
NUMBERS = st.sampled_from(
    ["price", "cost", "price * 2", "price - user.budget", "min(price, user.budget)", "20", "user.budget", "-cost",
     "user.budget / cost", "request.k", 'item["odd name"]', "now - released", "abs(price - user.budget * 2)"]
)  # fmt: skip
SIGNS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
LEAVES = st.one_of(
    st.builds("{} {} {}".format, NUMBERS, SIGNS, NUMBERS),
    st.builds("{} {} {}".format, st.sampled_from(["brand", "user.country", '"Alba"', "id"]),
              st.sampled_from(["==", "!="]), st.sampled_from(["brand", "user.country", '"Alba"', "request.surface"])),
    st.sampled_from(
        ["adult", "user.member", "adult == user.member", "brand in user.blocked", "user.country in markets", "true",
         "missing(price)", "missing(user.budget)", "category == user.drinks", "tags not in user.likes",
         "released < now", "released + user.budget < now", "cost / stock > user.budget / stock",
         "10 <= price < user.budget", 'request.surface == "home"', "user.born < released"]
    ),
)  # fmt: skip
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map("not ({})".format),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + ") and (".join(parts) + ")"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + ") or (".join(parts) + ")"),
    ),
    max_leaves=6,
)


def compiled(texts: list[str]) -> list[Condition]:
    found = []
    for text in texts:
        try:
            found.append(Condition.of(text, WORLD))
        except BadExpression:  # two facts whose types do not go together
            continue
    return found


@settings(max_examples=150, deadline=None)
@given(texts=st.lists(EXPRESSIONS, max_size=5), user=st.sampled_from(["ann", "bob", None]), seed=st.integers(0, 99))
def test_many_conditions_at_once_say_what_each_says_alone(texts: list[str], user: str | None, seed: int) -> None:
    conditions, rng = compiled(texts), np.random.default_rng(seed)
    program, items = Program(WORLD.item_facts, [one.of_items for one in conditions]), rng.permutation(all_items())
    query, by = asked(user), rng.normal(size=len(conditions)).astype(np.float32)
    with quiet():
        moment = Moment(WORLD.item_facts, query, items)
        active = [bool(one.open(moment) and rng.random() < 0.8) for one in conditions]
        total = np.ones(len(items), dtype=np.float32)
        program.add(active, by, moment, total)
    expected = np.ones(len(items), dtype=np.float32)
    for condition, on, more in zip(conditions, active, by, strict=True):
        expected += condition.mask(query, items) * (more * np.float32(on))
    np.testing.assert_allclose(total, expected, atol=1e-5)


@pytest.mark.parametrize("n", [0, 1, BLOCK - 1, BLOCK, 2 * BLOCK + 7])
def test_items_are_asked_about_block_by_block(n: int) -> None:
    texts = ["price > user.budget or adult", "not brand == user.country and price < user.budget"]
    conditions, items = compiled(texts), np.random.default_rng(n).integers(0, 6, n).astype(np.int32)
    program, total = Program(WORLD.item_facts, [one.of_items for one in conditions]), np.zeros(n, dtype=np.float32)
    with quiet():
        program.add([True, True], np.array([1, 10], dtype=np.float32), Moment(WORLD.item_facts, asked(), items), total)
    first, second = (condition.mask(asked(), items) for condition in conditions)
    assert total.tolist() == (first + 10.0 * second).tolist()


def test_what_many_conditions_ask_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    world, asked_for = small_world(), list[str]()
    conditions = [
        Condition.of(f"price > user.budget + {at} or item.price - cost > user.budget", world) for at in range(50)
    ]
    program = Program(world.item_facts, [one.of_items for one in conditions])
    column = world.item_facts.column

    def counted(name: str) -> object:
        asked_for.append(name)
        return column(name)

    monkeypatch.setattr(world.item_facts, "column", counted)
    with quiet():
        total = np.zeros(6, dtype=np.float32)
        moment = Moment(world.item_facts, asked(), all_items())
        program.add([True] * 50, np.ones(50, dtype=np.float32), moment, total)
    assert sorted(asked_for) == ["cost", "price"]

from typing import Any

import numpy as np
import pytest

from slatewright.core.errors import BadKnob
from slatewright.pipeline import MMR, AtLeast, AtMost, Candidates, Constraints, Exactly, Pipeline, Request, TopK
from slatewright.testing.stages import StageKit
from slatewright.testing.town import AS_OF, town_pipeline, town_recipe


class TestConstraintsByFact(StageKit):
    stage = Constraints((AtMost(2, fact="category", in_any=3),))


class TestConstraintsByCondition(StageKit):
    stage = Constraints((AtLeast(1, 'id == "i000"'), AtMost(24, where='id != "i000" or not sellable')))


class TestNoConstraints(StageKit):
    stage = Constraints(())


def arranged(*rules: Any, k: int = 6) -> tuple[list[int], tuple[str, ...]]:
    """Three teas on top, then three coffees."""
    items = np.array([0, 2, 4, 1, 3, 5], dtype=np.int32)
    pool = Candidates(items, np.array([6, 5, 4, 3, 2, 1], dtype=np.float32), np.zeros(6, dtype=np.int32))
    answer = Constraints(rules).bind(town_pipeline().world).arrange(town_pipeline().query(Request(k, AS_OF)), pool)
    return items[answer.positions].tolist(), answer.problems


def test_at_most_so_many_of_one_shelf_in_a_row() -> None:
    assert arranged(AtMost(1, fact="category", in_any=2))[0] == [0, 1, 2, 3, 4, 5]
    assert arranged(AtMost(2, fact="category", in_any=3))[0] == [0, 2, 1, 4, 3, 5]


def test_at_least_so_many_stand_as_low_as_they_may() -> None:
    assert arranged(AtLeast(2, 'category == "coffee"'), k=4)[0] == [0, 2, 1, 3]
    assert arranged(AtLeast(1, 'category == "coffee"', in_any=2), k=4)[0] == [0, 1, 2, 3]


def test_exactly_one_and_not_first() -> None:
    assert arranged(Exactly(1, 'category == "coffee"'), k=3)[0] == [0, 2, 1]
    assert arranged(Exactly(1, 'title == "Tea 0"', not_first=True), k=3)[0] == [2, 0, 4]
    assert arranged(Exactly(0, 'category == "tea"'), k=3)[0] == [1, 3, 5]


def test_what_cannot_hold_is_eased_from_the_last_rule_and_said_so() -> None:
    most, least = AtMost(1, where='category == "tea"'), AtLeast(4, 'title != "Coffee 5"')
    items, problems = arranged(most, least, k=4)
    assert items == [0, 1, 3, 5]
    assert problems == (
        "AtLeast(4, where='title != \"Coffee 5\"') cannot hold over these 6 candidates together with "
        "AtMost(1, where='category == \"tea\"'); it was eased by 1",
    )
    assert arranged(least, most, k=4)[0] == [0, 2, 1, 3]


def test_a_search_that_is_given_up_says_which_rules_do_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    most, least = AtMost(1, where='category == "tea"'), AtLeast(4, 'title != "Coffee 5"')
    monkeypatch.setattr("slatewright.pipeline.orders.constraints.BUDGET", 0)
    items, problems = arranged(most, least, k=4)
    assert items == [0, 1, 3, 5]
    (problem,) = problems
    assert problem.startswith("AtLeast(4, where='title != \"Coffee 5\"') does not hold in this slate: what could hold")
    pool = Candidates(np.arange(6, dtype=np.int32), np.arange(6, 0, -1).astype(np.float32), np.zeros(6, np.int32))
    order = Constraints((most, least)).bind(town_pipeline().world)
    (conflict,) = order.conflicts(town_pipeline().query(Request(4, AS_OF)), pool)
    assert conflict.endswith("together with AtMost(1, where='category == \"tea\"'); eased by 1 it could")
    assert order.gave_up(problems)
    assert not order.gave_up([conflict])
    monkeypatch.setattr("slatewright.pipeline.orders.constraints.PATIENT", 0)
    (unknown,) = order.conflicts(town_pipeline().query(Request(4, AS_OF)), pool)
    assert "was not found in a longer search" in unknown
    assert Constraints(()).bind(town_pipeline().world).conflicts(town_pipeline().query(Request(4, AS_OF)), pool) == ()


def test_a_pipeline_keeps_to_the_order_of_before_and_notes_what_it_eased() -> None:
    orders = (TopK(), MMR(0.7), Constraints((AtMost(2, fact="category", in_any=3), AtLeast(2, "title == 'nowhere'"))))
    slate = Pipeline(town_recipe(orders=orders), town_pipeline().world).ask(Request(6, AS_OF, "u000"))
    assert len(slate.items) == 6
    (note,) = slate.trace.remarks
    assert not slate.trace.notes  # nothing broke
    assert (note.stage, note.name) == ("order", "constraints")
    assert "cannot hold" in note.problem
    shelves = [int(item[1:]) % 2 for item in slate.item_ids]
    assert all(len(set(shelves[at : at + 3])) == 2 for at in range(4))


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (AtMost(1, fact="brand"), "Constraints.rules must be a tuple of rules"),
        ((AtMost,), "must hold AtMost, AtLeast and Exactly"),
    ],
)
def test_what_is_no_rule_is_refused(rules: Any, message: str) -> None:
    with pytest.raises(BadKnob, match=message):
        Constraints(rules)

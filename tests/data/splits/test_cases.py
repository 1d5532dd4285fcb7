"""Cases: whom to ask for, what is known of them, what they then did."""

import numpy as np
import polars as pl

from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.splits import cases_of
from slatewright.data.splits.cases import Cases


def shop(*rows: tuple[str, str, int] | tuple[str, str, int, float]) -> Dataset:
    """A data set of (user, item, time) or (user, item, time, value)."""
    padded = [(*row, 1.0)[:4] for row in rows]
    return dataset_of(pl.DataFrame(padded, schema=["user_id", "item_id", "time", "value"], orient="row"))


LATER = shop(
    *[("ann", "apple", 1), ("ann", "bread", 2), ("bob", "apple", 3)],
    *[("ann", "apple", 10), ("ann", "cake", 11), ("ann", "dates", 12)],
    *[("bob", "bread", 13), ("eve", "bread", 14), ("eve", "eggs", 15)],
)
TRAIN = shop(("ann", "apple", 1), ("ann", "bread", 2), ("bob", "apple", 3), ("zoe", "cake", 4))


def cases() -> Cases:
    return cases_of(TRAIN, LATER, LATER.interactions.time >= 10, as_of=10)


def right(cases: Cases) -> list[list[str]]:
    return [cases.items.names_of(cases.relevant_of(case)).to_list() for case in range(len(cases))]


def test_right_items_are_in_the_training_sets_own_indices() -> None:
    assert cases().users.to_list() == ["ann", "bob", "eve"]
    assert right(cases()) == [["apple", "cake"], ["bread"], ["bread"]]


def test_items_that_training_never_saw_are_counted_not_lost() -> None:
    assert cases().unknown.tolist() == [1, 0, 1]


def test_histories_are_what_training_knows_and_strangers_have_none() -> None:
    histories = cases().histories
    known = [TRAIN.items.names_of(histories.items_of(case)).to_list() for case in range(3)]
    assert known == [["apple", "bread"], ["apple"], []]
    assert cases().trained.tolist() == [True, True, False]


def test_new_only_drops_what_the_user_already_had() -> None:
    assert right(cases().new_only()) == [["cake"], ["bread"], ["bread"]]
    assert cases().new_only().unknown.tolist() == [1, 0, 1]


def test_hot_only_drops_items_without_training_events() -> None:
    facts = pl.DataFrame({"item_id": ["eggs"], "title": ["Eggs"]})
    events = pl.DataFrame({"user_id": ["ann"], "item_id": ["bread"], "time": [1]})
    warm = cases_of(dataset_of(events, item_facts=facts), LATER, LATER.interactions.time >= 10, as_of=10)
    assert right(warm) == [[], ["bread"], ["bread", "eggs"]]
    assert right(warm.hot_only()) == [[], ["bread"], ["bread"]]
    assert warm.hot_only().unknown.tolist() == [0, 0, 0]
    assert warm.hot_only().with_answers().users.to_list() == ["bob", "eve"]


def test_asked_for_at_one_instant_or_at_the_first_answer() -> None:
    assert cases().now.tolist() == [10, 10, 10]
    assert cases_of(TRAIN, LATER, LATER.interactions.time >= 10).now.tolist() == [10, 13, 14]


def test_a_value_is_what_the_last_event_said() -> None:
    rated = shop(("ann", "apple", 1, 2.0), ("ann", "apple", 2, 5.0), ("ann", "bread", 3, 4.0))
    judged = cases_of(rated, rated, np.ones(3, dtype=np.bool_))
    assert judged.values.tolist() == [5.0, 4.0]


def test_take_keeps_everything_of_a_case_together() -> None:
    taken = cases().take(np.array([2, 0]))
    assert taken.users.to_list() == ["eve", "ann"]
    assert right(taken) == [["bread"], ["apple", "cake"]]
    assert taken.unknown.tolist() == [1, 1]
    assert taken.histories.lengths().tolist() == [0, 2]
    assert taken.trained.tolist() == [False, True]


def test_no_answers_at_all_is_no_cases() -> None:
    assert len(cases_of(TRAIN, LATER, np.zeros(9, dtype=np.bool_), as_of=10)) == 0

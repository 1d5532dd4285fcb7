from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.errors import BadInput
from slatewright.data.dataset import dataset_of
from tests.events.examples import STRANGE_IDS

EVENTS = pl.DataFrame(
    {
        "user_id": ["b", "a", "b", "b"],
        "item_id": ["x", "y", "z", "x"],
        "kind": ["view", "purchase", "rating", "purchase"],
        "value": [1.0, 2.0, 4.0, 1.0],
        "time": [30, 20, 10, 30],
    }
)


def test_events_are_sorted_by_user_time_and_item() -> None:
    dataset = dataset_of(EVENTS)
    table = dataset.interactions
    assert list(dataset.users) == ["a", "b"]
    assert list(dataset.items) == ["x", "y", "z"]
    assert table.user.tolist() == [0, 1, 1, 1]
    assert table.item.tolist() == [1, 2, 0, 0]
    assert [table.kinds[kind] for kind in table.kind] == ["purchase", "rating", "purchase", "view"]
    assert table.value.tolist() == [2.0, 4.0, 1.0, 1.0]
    assert table.time.tolist() == [20, 10, 30, 30]
    assert dataset.as_of == 31
    types = [table.user.dtype, table.item.dtype, table.kind.dtype, table.weight.dtype, table.time.dtype]
    assert types == [np.int32, np.int32, np.int8, np.float32, np.int64]


def test_only_what_lies_before_the_instant_is_known() -> None:
    dataset = dataset_of(EVENTS, as_of=30)
    assert dataset.interactions.time.tolist() == [20, 10]
    assert list(dataset.items) == ["y", "z"]
    assert dataset.as_of == 30


def test_weights_are_per_kind_and_zero_leaves_out() -> None:
    dataset = dataset_of(EVENTS, weights={"purchase": 5.0, "view": 0.0, "never seen": 2.0})
    assert dataset.interactions.kinds == ("purchase", "rating")
    assert dataset.interactions.weight.tolist() == [5.0, 1.0, 5.0]
    assert dataset.matrix().toarray().tolist() == [[0.0, 5.0, 0.0], [5.0, 0.0, 1.0]]


@pytest.mark.parametrize(("least", "left"), [(4.0, 4), (4.5, 3)])
def test_a_rating_counts_from_positive_rating_on(least: float, left: int) -> None:
    dataset = dataset_of(EVENTS, positive_rating=least)
    assert (dataset.interactions.weight > 0).sum() == left
    assert len(dataset.interactions) == 4  # what was disliked was seen all the same
    assert dataset.matrix().nnz == len({*zip(*dataset.matrix().nonzero(), strict=True)})


def test_returns_cancel_what_they_bring_back() -> None:
    events = pl.DataFrame(
        {
            "user_id": ["u", "u", "u", "v"],
            "item_id": ["pen", "cup", "pen", "cup"],
            "kind": ["purchase", "purchase", "return", "view"],
            "value": [3.0, 1.0, 2.0, 1.0],
            "time": [1, 2, 3, 4],
        }
    )
    dataset = dataset_of(events)
    assert dataset.interactions.kinds == ("purchase", "view")
    assert dataset.matrix().toarray().tolist() == [[1.0, 1.0], [1.0, 0.0]]
    assert dataset.interactions.value.tolist() == [1.0, 1.0, 1.0]
    assert dataset_of(events, as_of=3).interactions.value.tolist() == [3.0, 1.0]
    whole = events.with_columns(value=pl.Series([2.0, 1.0, 2.0, 1.0]))
    assert list(dataset_of(whole).items) == ["cup"]


def test_quantity_says_how_much_came_back_when_it_is_there() -> None:
    events = pl.DataFrame(
        {
            "user_id": ["u", "u"],
            "item_id": ["pen", "pen"],
            "kind": ["purchase", "return"],
            "quantity": [6.0, -2.0],
            "time": [1, 2],
        }
    )
    assert dataset_of(events).interactions.value.tolist() == pytest.approx([4 / 6])


def test_facts_follow_the_id_map_and_give_cold_rows_of_nulls() -> None:
    facts = pl.DataFrame({"item_id": ["z", "warm", "z"], "price": [1.0, 2.0, 3.0]})
    dataset = dataset_of(EVENTS, item_facts=facts)
    assert list(dataset.items) == ["warm", "x", "y", "z"]
    assert dataset.item_facts.to_dict(as_series=False) == {"price": [2.0, None, None, 3.0]}
    assert dataset.n_items == 4


def test_no_events_are_a_data_set_too() -> None:
    empty = dataset_of(pl.DataFrame(schema={"user_id": pl.String, "item_id": pl.String}))
    assert (empty.n_users, empty.n_items, len(empty.interactions), empty.as_of) == (0, 0, 0, 1)
    assert empty.matrix().shape == (0, 0)
    assert len(empty.histories()) == 0
    assert len(dataset_of(EVENTS, as_of=0).interactions) == 0


def test_users_without_events_have_empty_histories() -> None:
    dataset = dataset_of(EVENTS, user_facts=pl.DataFrame({"user_id": ["zoe", "aa"], "age": [3, 4]}))
    assert dataset.histories().lengths().tolist() == [1, 0, 3, 0]


def test_times_may_be_datetimes_of_any_unit() -> None:
    moment = datetime(2011, 1, 26, 12, tzinfo=UTC)
    for unit in ("ms", "us", "ns"):
        times = pl.Series([moment], dtype=pl.Datetime(unit, "UTC"))
        dataset = dataset_of(pl.DataFrame({"user_id": ["u"], "item_id": ["i"]}).with_columns(time=times))
        assert dataset.interactions.time.tolist() == [1_296_043_200_000_000]


def test_numbers_may_be_ids_and_strange_ids_stay() -> None:
    assert list(dataset_of(pl.DataFrame({"user_id": [7], "item_id": [8]})).items) == ["8"]
    dataset = dataset_of(pl.DataFrame({"user_id": STRANGE_IDS, "item_id": STRANGE_IDS}))
    assert sorted(dataset.items) == sorted(STRANGE_IDS)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"user": ["a"]}, "must have the columns user_id and item_id, got user"),
        ({"user_id": ["a", None], "item_id": ["x", "y"]}, r"events\.user_id must be there in every row, got 1 of 2"),
        ({"user_id": ["a"], "item_id": ["x"], "time": [None]}, r"events\.time must be there in every row"),
        ({"user_id": ["a"], "item_id": ["x"], "value": ["much"]}, "cannot be read as its type"),
        ({"user_id": ["a"], "item_id": ["x"], "value": [float("nan")]}, r"events\.value must be finite, got 1 of 1"),
        ({"user_id": ["a"] * 128, "item_id": ["x"] * 128, "kind": map(str, range(128))}, "at most 127 kinds, got 128"),
    ],
)
def test_what_cannot_be_a_data_set_is_refused(columns: dict[str, Iterable[object]], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        dataset_of(pl.DataFrame({name: list(values) for name, values in columns.items()}))


@given(
    st.lists(st.tuples(st.sampled_from("uvw"), st.sampled_from("xyz"), st.integers(0, 3)), min_size=1, max_size=30),
    st.randoms(use_true_random=False),
)
def test_the_order_of_rows_does_not_matter(rows: list[tuple[str, str, int]], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    names = ["user_id", "item_id", "time"]
    one, two = (dataset_of(pl.DataFrame(some, schema=names, orient="row")) for some in (rows, shuffled))
    for column in ("user", "item", "kind", "value", "weight", "time"):
        assert np.array_equal(getattr(one.interactions, column), getattr(two.interactions, column))


def test_three_million_rows_of_one_user() -> None:
    n = 3_000_000
    events = pl.select(
        user_id=pl.lit("only me"), item_id=pl.int_range(n).mod(5).cast(pl.String), time=(pl.int_range(n) * 7919).mod(n)
    )
    dataset = dataset_of(events)
    assert dataset.matrix().toarray().tolist() == [[n / 5] * 5]
    assert np.array_equal(dataset.interactions.time, np.arange(n))


@pytest.mark.parametrize(("column", "wrong"), [("weight", np.nan), ("weight", -1e14), ("value", np.inf)])
def test_numbers_that_no_model_can_add_up_are_refused(column: str, wrong: float) -> None:
    dataset = dataset_of(EVENTS)
    numbers = getattr(dataset.interactions, column).copy()
    numbers[1] = wrong
    with pytest.raises(BadInput, match=f"every {column} of a data set must be finite and at most .*, got"):
        replace(dataset, interactions=replace(dataset.interactions, **{column: numbers}))

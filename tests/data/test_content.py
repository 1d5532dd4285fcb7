"""The sum of a data set moves with its content, and with nothing else."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from slatewright.data.content import content_sum
from slatewright.data.dataset import Dataset, dataset_of
from slatewright.data.splits import GlobalTime

EVENTS = pl.DataFrame(
    {
        "user_id": ["a", "a", "b", "c"],
        "item_id": ["x", "y", "x", "z"],
        "kind": ["view", "cart", "view", "view"],
        "value": [1.0, 2.0, 1.0, 1.0],
        "time": [1, 2, 3, 4],
    }
)
FACTS = pl.DataFrame(
    {
        "item_id": ["x", "y", "z"],
        "price": [1.5, None, 2.0],
        "tags": [["a", "b"], [], None],
        "maker": [{"name": "m", "since": 1}, {"name": None, "since": 2}, {"name": "o", "since": 3}],
        "new": [True, None, False],
        "day": pl.Series([1, 2, None]).cast(pl.Date),
    }
)


def made(events: pl.DataFrame = EVENTS, facts: pl.DataFrame = FACTS) -> Dataset:
    return dataset_of(events, item_facts=facts)


def test_the_order_of_rows_and_columns_and_chunks_says_nothing() -> None:
    shuffled = pl.concat([EVENTS[2:], EVENTS[:2]], rechunk=False)
    assert content_sum(made(shuffled, FACTS.select(reversed(FACTS.columns)))) == content_sum(made())


def moved(events: pl.DataFrame = EVENTS, facts: pl.DataFrame = FACTS, **columns: pl.Expr) -> Dataset:
    on_facts = {name: made for name, made in columns.items() if name in FACTS.columns and name != "item_id"}
    rest = {name: made for name, made in columns.items() if name not in on_facts}
    return made(events.with_columns(**rest), facts.with_columns(**on_facts))


@pytest.mark.parametrize(
    "other",
    [
        moved(time=pl.col("time") + 1),
        moved(value=pl.col("value") * 2),
        moved(kind=pl.lit("view")),
        moved(user_id=pl.col("user_id") + "!"),
        moved(item_id=pl.lit("x")),
        moved(price=pl.col("price").fill_null(0)),
        moved(tags=pl.col("tags").fill_null([])),
        moved(tags=pl.col("tags").list.reverse()),
        moved(
            maker=pl.struct(pl.col("maker").struct.field("name").fill_null(""), pl.col("maker").struct.field("since"))
        ),
        moved(new=pl.col("new").fill_null(False)),
        moved(day=pl.col("day").fill_null(pl.lit(0).cast(pl.Date))),
        made(EVENTS[:3]),
        made(facts=FACTS.rename({"price": "cost"})),
        replace(made(), as_of=99),
    ],
)
def test_every_change_of_the_content_moves_it(other: Dataset) -> None:
    assert content_sum(other) != content_sum(made())


def test_neighbouring_texts_do_not_run_together() -> None:
    one, other = (made(facts=FACTS.with_columns(t=pl.Series(t))) for t in (["ab", "c", ""], ["a", "bc", ""]))
    assert content_sum(one) != content_sum(other)


def test_the_cases_of_a_fold_are_content_too() -> None:
    fold = next(GlobalTime(at="1970-01-01T00:00:00.000003Z", validation_share=0).split(made()))
    assert content_sum(fold) != content_sum(fold.train)
    other = replace(fold, test=replace(fold.test, values=fold.test.values + np.float32(1)))
    assert content_sum(other) != content_sum(fold)

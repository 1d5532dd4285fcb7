"""Popularity, as every evaluation measures it."""

import polars as pl

from slatewright.data.dataset import dataset_of
from slatewright.data.histories import Histories
from slatewright.evaluate.baseline import popularity


def test_a_user_counts_once_however_often_it_orders() -> None:
    rows = [("bulk", "paper")] * 9 + [("ann", "tea"), ("bob", "tea"), ("bob", "paper"), ("eve", "tea")]
    train = dataset_of(pl.DataFrame(rows, schema=["user_id", "item_id"], orient="row"))
    assert popularity(train).score(Histories.of([[]]))[0].tolist() == [2, 3]


def test_an_item_that_nobody_took_counts_nothing() -> None:
    facts = pl.DataFrame({"item_id": ["new"], "title": ["New"]})
    train = dataset_of(pl.DataFrame({"user_id": ["ann"], "item_id": ["tea"]}), item_facts=facts)
    assert popularity(train).score(Histories.of([[]]))[0].tolist() == [0, 1]

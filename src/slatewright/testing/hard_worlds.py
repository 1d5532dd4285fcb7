"""Data sets that break careless models: each must end in a clear error or in a model that stays finite."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from slatewright.data.dataset import Dataset, dataset_of
from slatewright.testing.worlds import two_tastes

_FACTS = pl.DataFrame({"item_id": ["never-bought"], "price": [1.0]})
_PEOPLE = pl.DataFrame({"user_id": ["never-came"], "age": [30]})


def _town() -> Dataset:
    return dataset_of(two_tastes(8, 6), item_facts=_FACTS, user_facts=_PEOPLE)


def _rows(*rows: tuple[str, str, float]) -> Dataset:
    events = pl.DataFrame(rows, schema={"user_id": pl.String, "item_id": pl.String, "value": pl.Float32}, orient="row")
    return dataset_of(events.with_columns(kind=pl.lit("rating"), time=pl.int_range(pl.len())))


def _weighing(dataset: Dataset, factor: float) -> Dataset:
    table = dataset.interactions
    return replace(dataset, interactions=replace(table, weight=table.weight * np.float32(factor)))


def _some_negative() -> Dataset:
    dataset = _town()
    table = dataset.interactions
    signs = np.where(np.arange(len(table)) % 5 == 0, -1, 1).astype(np.float32)
    return replace(dataset, interactions=replace(table, weight=table.weight * signs))


HARD_WORLDS: Mapping[str, Callable[[], Dataset]] = {
    "nothing at all": _rows,
    "items that nobody took": lambda: dataset_of(two_tastes().clear(), item_facts=_FACTS, user_facts=_PEOPLE),
    "a user and an item without events": _town,
    "one user": lambda: _rows(("u", "a", 5), ("u", "b", 1), ("u", "c", 3)),
    "one item": lambda: _rows(("u", "a", 5), ("v", "a", 1), ("w", "a", 3)),
    "one event": lambda: _rows(("u", "a", 5)),
    "all values equal": lambda: _rows(*((f"u{at % 5}", f"i{at % 7}", 3) for at in range(35))),
    "all weights zero": lambda: _weighing(_town(), 0.0),
    "negative weights": _some_negative,
    "weights of 1e12": lambda: _weighing(_town(), 1e12),
    "weights faded to 1e-30": lambda: _weighing(_town(), 1e-30),
}
